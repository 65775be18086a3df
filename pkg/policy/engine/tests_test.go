package engine

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// word returns a text over few letters, so that texts are often part of one another.
func word(rng *rand.Rand, longest int) string {
	b := make([]byte, rng.IntN(longest+1))
	for i := range b {
		b[i] = "abA/\xff"[rng.IntN(5)]
	}
	return string(b)
}

func words(rng *rand.Rand, n, longest int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = word(rng, longest)
	}
	return out
}

// ask returns which of the tests the value passes.
func ask(t tester, n int, v field.Value) []bool {
	bits := make([]uint64, (n+63)/64)
	t.test(nil, &v, bits)
	out := make([]bool, n)
	for i := range out {
		out[i] = has(bits, int32(i))
	}
	return out
}

func atomsOf(source *expr.Source, tests []expr.Test) ([]*expr.Atom, []int32) {
	atoms := make([]*expr.Atom, len(tests))
	bits := make([]int32, len(tests))
	for i, t := range tests {
		atoms[i], bits[i] = &expr.Atom{Source: source, Test: t}, int32(i)
	}
	return atoms, bits
}

func TestTextsAgainstOneByOne(t *testing.T) {
	holds := map[expr.Kind]func(s, want string) bool{
		expr.Equals:       func(s, want string) bool { return s == want },
		expr.HasPrefix:    strings.HasPrefix,
		expr.HasSuffix:    strings.HasSuffix,
		expr.HasSubstring: strings.Contains,
		expr.HasSubstringFold: func(s, want string) bool {
			return strings.Contains(expr.Lower(s), want)
		},
		expr.UnderPath: func(s, want string) bool {
			return want == "" || strings.HasPrefix(expr.JoinComponents("/"+s)+"/", want+"/")
		},
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var tests []expr.Test
		for range 1 + rng.IntN(70) {
			kind := expr.Equals + expr.Kind(rng.IntN(6))
			texts := words(rng, 1+rng.IntN(4), 4)
			for i := range texts {
				switch kind {
				case expr.HasSubstringFold:
					texts[i] = expr.Lower(texts[i])
				case expr.UnderPath:
					texts[i] = expr.JoinComponents(texts[i])
				}
			}
			tests = append(tests, expr.Test{Kind: kind, Texts: texts})
		}
		tt := newTextTests(atomsOf(&expr.Source{}, tests))
		for _, s := range words(rng, 40, 12) {
			for i, got := range ask(tt, len(tests), field.Value{Present: true, Str: s}) {
				want := slices.ContainsFunc(tests[i].Texts, func(w string) bool { return holds[tests[i].Kind](s, w) })
				assert.Equal(t, want, got, "%q against %v", s, tests[i])
			}
		}
	}
}

func TestNumbersAgainstOneByOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	number := func() int64 {
		return []int64{math.MinInt64, math.MaxInt64, -1, 0, 1, rng.Int64N(20), rng.Int64N(20), int64(rng.Uint64())}[rng.IntN(8)]
	}
	for range 300 {
		var tests []expr.Test
		for range 1 + rng.IntN(20) {
			a, b := number(), number()
			tests = append(tests, expr.Test{Kind: expr.InRanges, Ranges: []expr.Range{{Min: min(a, b), Max: max(a, b)}}})
		}
		nt := newNumberTests(atomsOf(&expr.Source{Type: field.Int}, tests))
		for range 40 {
			n := number()
			for i, got := range ask(nt, len(tests), field.Value{Present: true, Int: n}) {
				assert.Equal(t, tests[i].Ranges[0].Contains(n), got, "%d in %v", n, tests[i].Ranges)
			}
		}
	}
}

func TestAddressesAgainstOneByOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	address := func() netip.Addr {
		if rng.IntN(2) == 0 {
			return netip.AddrFrom4([4]byte{[]byte{0, 10, 255}[rng.IntN(3)], byte(rng.IntN(2)), 0, []byte{0, 1, 255}[rng.IntN(3)]})
		}
		a := [16]byte{0: []byte{0, 0x20, 0xff}[rng.IntN(3)], 15: byte(rng.IntN(3))}
		return netip.AddrFrom16(a)
	}
	for range 300 {
		var tests []expr.Test
		for range 1 + rng.IntN(20) {
			a := address()
			tests = append(tests, expr.Test{Kind: expr.InNetworks, Networks: []netip.Prefix{netip.PrefixFrom(a, rng.IntN(a.BitLen()+1)).Masked()}})
		}
		at := newAddressTests(atomsOf(&expr.Source{Type: field.Addr}, tests))
		for range 40 {
			a := address()
			for i, got := range ask(at, len(tests), field.Value{Present: true, Addr: a}) {
				assert.Equal(t, tests[i].Networks[0].Contains(a), got, "%v in %v", a, tests[i].Networks)
			}
		}
	}
}

// A large automaton has no table and finds the same.
func TestSubstringsWithoutTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var list []pattern
	for i := range 300 {
		list = append(list, pattern{word(rng, 6), int32(i)})
	}
	dense := newSubstrings(list, false)
	sparse := *dense
	sparse.next = nil
	assert.NotNil(t, dense.next)
	for range 500 {
		s := word(rng, 40)
		a, b := make([]uint64, 5), make([]uint64, 5)
		dense.find(s, a)
		sparse.find(s, b)
		assert.Equal(t, a, b, "%q", s)
	}
	long := newSubstrings([]pattern{{strings.Repeat("ab", denseTable), 0}, {"b", 1}, {"c", 2}, {"d", 3}, {"e", 4}}, false)
	assert.Nil(t, long.next)
	bits := make([]uint64, 1)
	long.find("xab", bits)
	assert.Equal(t, []uint64{0b10}, bits)
}
