package engine

import (
	"net/netip"
	"slices"
	"sort"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// addressTests answers all tests of an address by one binary search, as numberTests does for
// numbers: IPv4 addresses stand before IPv6 ones.
type addressTests struct {
	multi  bool
	starts []netip.Addr
	passed [][]int32
}

func newAddressTests(atoms []*expr.Atom, bits []int32) *addressTests {
	t := &addressTests{starts: []netip.Addr{netip.IPv6Unspecified()}}
	for _, a := range atoms {
		t.multi = a.Source.Multi
		for _, p := range a.Test.Networks {
			t.starts = append(t.starts, p.Addr())
			if after := last(p).Next(); after.IsValid() {
				t.starts = append(t.starts, after)
			}
		}
	}
	slices.SortFunc(t.starts, netip.Addr.Compare)
	t.starts = slices.Compact(t.starts)
	t.passed = make([][]int32, len(t.starts)+1)
	for i, a := range atoms {
		for _, p := range a.Test.Networks {
			for k := t.interval(p.Addr()); k <= t.interval(last(p)); k++ {
				t.passed[k] = append(t.passed[k], bits[i])
			}
		}
	}
	return t
}

// last returns the last address of a network.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

func (t *addressTests) interval(a netip.Addr) int {
	return sort.Search(len(t.starts), func(i int) bool { return t.starts[i].Compare(a) > 0 })
}

// test implements tester.
func (t *addressTests) test(_ *field.Record, v *field.Value, bits []uint64) {
	if !t.multi {
		t.one(v.Addr, bits)
		return
	}
	for _, a := range v.Addrs {
		t.one(a, bits)
	}
}

func (t *addressTests) one(a netip.Addr, bits []uint64) {
	if a.IsValid() {
		setAll(bits, t.passed[t.interval(a.Unmap().WithZone(""))])
	}
}
