package sequence

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// told is a hit of a history, with its record's number.
type told struct {
	step, record int
	r            *field.Record
	text         string
}

// history has all hits that were told and not used, and finds sequences by trying everything.
type history struct {
	spec Spec
	hits []told
}

func (h *history) joins(a, b *field.Record) bool {
	if a.Node.Name != b.Node.Name {
		return false
	}
	switch h.spec.By {
	case rules.JoinProcess:
		return a.Process.OID == b.Process.OID
	case rules.JoinContainer:
		return a.Process.ContainerID == b.Process.ContainerID
	case rules.JoinField:
		return a.File.Path == b.File.Path
	}
	for p := b.Process; p != nil; p = p.Parent {
		if p.OID == a.Process.OID {
			return true
		}
	}
	return false
}

// valid reports whether hits may follow each other, and are not too far apart.
func (h *history) valid(chain []told) bool {
	for i, x := range chain {
		if i > 0 && (x.r.TS < chain[i-1].r.TS || !h.joins(chain[i-1].r, x.r)) {
			return false
		}
		for _, y := range chain[:i] {
			if x.record == y.record {
				return false
			}
		}
	}
	return len(chain) == 0 || chain[len(chain)-1].r.TS-chain[0].r.TS <= int64(h.spec.Within)
}

func (h *history) exists(chain []told) bool {
	if !h.valid(chain) {
		return false
	}
	if len(chain) == h.spec.Steps {
		return true
	}
	for _, x := range h.hits {
		if x.step == len(chain) && h.exists(append(chain, x)) {
			return true
		}
	}
	return false
}

// use checks an alert and takes its hits out of the history.
func (h *history) use(t *testing.T, hits []Hit) {
	t.Helper()
	var chain []told
	for step, hit := range hits {
		i := slices.IndexFunc(h.hits, func(x told) bool { return x.text == hit.Text })
		require.GreaterOrEqual(t, i, 0, "used before: %s", hit.Text)
		require.Equal(t, step, h.hits[i].step)
		require.Equal(t, Hit{TS: h.hits[i].r.TS, OID: h.hits[i].r.Process.OID, Text: hit.Text}, hit)
		chain = append(chain, h.hits[i])
		h.hits = slices.Delete(h.hits, i, i+1)
	}
	require.Len(t, chain, h.spec.Steps)
	require.True(t, h.valid(chain), "%v", chain)
}

// randomTree returns processes of two hosts; each process may be the child of one before.
func randomTree(rnd *rand.Rand) []*field.Process {
	var ps []*field.Process
	for i := range 8 {
		p := &field.Process{Node: &field.Node{Name: "n" + strconv.Itoa(i%2)}}
		p.OID = sysflow.OID{HPID: int64(i / 2)} // the same ids on both hosts
		p.ContainerID = []string{"", "web"}[rnd.IntN(2)]
		if i >= 2 && rnd.IntN(4) > 0 {
			p.Parent = ps[rnd.IntN(i/2)*2+i%2]
		}
		ps = append(ps, p)
	}
	return ps
}

// randomEvents returns records with the steps that each satisfies. One that satisfies
// several has a time of its own: see (*hit).distinct for what is not exact otherwise.
func randomEvents(rnd *rand.Rand, ps []*field.Process, steps, n int) ([]*field.Record, [][]int) {
	var rs []*field.Record
	var satisfied [][]int
	for i := range n {
		p := ps[rnd.IntN(len(ps))]
		r := &field.Record{TS: int64(2 * rnd.IntN(n)), FD: int32(i), Process: p, Node: p.Node}
		r.File.Path = []string{"/a", "/b", "/c"}[rnd.IntN(3)]
		list := []int{rnd.IntN(steps)}
		if other := rnd.IntN(steps); other != list[0] && rnd.IntN(4) == 0 {
			list = append(list, other)
			r.TS = int64(2*i + 1)
		}
		rs, satisfied = append(rs, r), append(satisfied, list)
	}
	return rs, satisfied
}

func TestEqualsBruteForce(t *testing.T) {
	alerts := 0
	for seed := range uint64(3000) {
		rnd := rand.New(rand.NewPCG(seed, 4))
		spec := Spec{
			By: rules.JoinKind(rnd.IntN(4)), Field: refText,
			Within: time.Duration(1 + rnd.IntN(40)), Steps: 1 + rnd.IntN(4),
		}
		rs, satisfied := randomEvents(rnd, randomTree(rnd), spec.Steps, 40)
		inOrder := rnd.IntN(2) == 0
		opts := Options{lateness: 1000}
		if inOrder {
			slices.SortStableFunc(rs, func(a, b *field.Record) int { return cmp.Compare(a.TS, b.TS) })
			opts.lateness = 1 // nothing that expires may be missed
		}
		m := NewMachine([]Spec{spec}, opts)
		m.perStep = 1000
		h := &history{spec: spec}
		for i, r := range rs {
			m.NextRecord()
			for _, step := range satisfied[r.FD] {
				text := fmt.Sprintf("%d/%d", i, step)
				hits := m.Step(0, step, r, r.Process, func() string { return text })
				h.hits = append(h.hits, told{step: step, record: i, r: r, text: text})
				if hits == nil {
					require.False(t, h.exists(nil), "seed %d: missed at record %d", seed, i)
					continue
				}
				alerts++
				h.use(t, hits)
			}
		}
		checkInvariants(t, m)
	}
	require.Greater(t, alerts, 5000, "too few alerts to prove anything")
}

// With the bound per key and step, the first alert of a key comes when it should.
func TestBoundKeepsTheFirstAlert(t *testing.T) {
	alerts := 0
	for seed := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		spec := Spec{By: rules.JoinKind(rnd.IntN(4)), Field: refText, Within: time.Duration(20 + rnd.IntN(60)), Steps: 2 + rnd.IntN(3)}
		rs, satisfied := randomEvents(rnd, randomTree(rnd)[:3], spec.Steps, 60)
		slices.SortStableFunc(rs, func(a, b *field.Record) int { return cmp.Compare(a.TS, b.TS) })
		m := NewMachine([]Spec{spec}, Options{lateness: 1})
		m.perStep = 2 // the least with which it holds: one may be of the same record
		h := &history{spec: spec}
	records:
		for i, r := range rs {
			m.NextRecord()
			// The last step is rare, so that the others are repeated often.
			for _, step := range satisfied[r.FD] {
				if step == spec.Steps-1 && rnd.IntN(4) > 0 {
					continue
				}
				text := fmt.Sprintf("%d/%d", i, step)
				hits := m.Step(0, step, r, r.Process, func() string { return text })
				h.hits = append(h.hits, told{step: step, record: i, r: r, text: text})
				if hits != nil {
					alerts++
					h.use(t, hits)
					break records
				}
				require.False(t, h.exists(nil), "seed %d: missed at record %d", seed, i)
			}
		}
		checkInvariants(t, m)
	}
	require.Greater(t, alerts, 500, "too few alerts to prove anything")
}

// The same records give the same alerts, with evictions too.
func TestDeterministic(t *testing.T) {
	run := func() (out []string) {
		rnd := rand.New(rand.NewPCG(1, 2))
		ps := randomTree(rnd)
		specs := []Spec{
			{By: rules.JoinAncestry, Within: 30, Steps: 2}, {By: rules.JoinField, Field: refText, Within: 30, Steps: 3},
		}
		m := NewMachine(specs, Options{MaxHits: 12, lateness: 5})
		rs, satisfied := randomEvents(rnd, ps, 2, 2000)
		for _, r := range rs {
			m.NextRecord()
			for spec := range specs {
				for _, step := range satisfied[r.FD] {
					out = append(out, times(m.Step(spec, step, r, r.Process, func() string { return "" })))
				}
			}
			require.LessOrEqual(t, m.Pending(), 12)
		}
		return append(out, strconv.FormatInt(m.Evicted(), 10))
	}
	first, second := run(), run()
	require.Equal(t, first, second)
}

func FuzzStep(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Add([]byte("the quick brown fox jumps over the lazy dog"))
	f.Fuzz(func(t *testing.T, data []byte) {
		specs := []Spec{
			{By: rules.JoinProcess, Within: 10, Steps: 2},
			{By: rules.JoinAncestry, Within: 100, Steps: 3},
			{By: rules.JoinContainer, Within: -1, Steps: 2},
			{By: rules.JoinField, Field: refText, Within: 1 << 62, Steps: 4},
		}
		m := NewMachine(specs, Options{MaxHits: 20, lateness: 1 << 62})
		ps := randomTree(rand.New(rand.NewPCG(1, 1)))
		ps[0].Parent = ps[6] // a cycle
		for ; len(data) >= 4; data = data[4:] {
			spec := int(data[0]) % len(specs)
			r := &field.Record{TS: int64(data[2]), Node: &field.Node{}}
			if data[3]&1 != 0 {
				m.NextRecord()
			}
			if data[0]&64 != 0 {
				r.TS = int64(uint64(data[2]) << 56)
			}
			r.File.Path = string(data[3:4])
			if data[0]&128 == 0 {
				r.Process = ps[int(data[3])%len(ps)]
				r.Node = r.Process.Node
			}
			m.Step(spec, int(data[1])%specs[spec].Steps, r, r.Process, func() string { return "" })
			checkInvariants(t, m)
		}
	})
}
