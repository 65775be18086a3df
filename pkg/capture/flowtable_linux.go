//go:build amd64 || arm64

package capture

import (
	"fmt"
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// flowTable is the kernel's table of flows, see bpf/include/table.h. Its slots are memory that is
// shared with the kernel, so that looking at a flow takes no system call.
type flowTable struct {
	memory []byte
	slots  []bpf.CaptureFlow
	// hashed are the flows that found their slot taken; all of them where there are no slots.
	hashed *ebpf.Map
}

// flowEnding is the state of an entry that is being freed, FLOW_ENDING in table.h.
const flowEnding = 1

// sizeFlowTable makes room for a number of flows in the tables that are about to be made.
func sizeFlowTable(spec *ebpf.CollectionSpec, flows uint32) error {
	slots, hashed := spec.Maps[bpf.CaptureMapFlowSlots], spec.Maps[bpf.CaptureMapFlows]
	if slots == nil {
		hashed.MaxEntries = flows
		return nil
	}
	slots.MaxEntries = 1 << bits.Len32(flows-1)
	// were flows scattered by chance, a full table would have 37 % of them here
	hashed.MaxEntries = max(flows/2, 1)
	return spec.Variables[bpf.CaptureVarSlotMask].Set(slots.MaxEntries - 1)
}

func newFlowTable(maps map[string]*ebpf.Map) (*flowTable, error) {
	t := &flowTable{hashed: maps[bpf.CaptureMapFlows]}
	slots := maps[bpf.CaptureMapFlowSlots]
	if slots == nil {
		return t, nil
	}
	n := int(slots.MaxEntries())
	var err error
	t.memory, err = unix.Mmap(slots.FD(), 0, n*int(unsafe.Sizeof(bpf.CaptureFlow{})),
		unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping the table of flows: %w", err)
	}
	//nolint:gosec // the kernel lays the table out as it has laid out its type
	t.slots = unsafe.Slice((*bpf.CaptureFlow)(unsafe.Pointer(&t.memory[0])), n)
	return t, nil
}

func (t *flowTable) close() {
	if t.memory != nil {
		_ = unix.Munmap(t.memory)
		t.memory, t.slots = nil, nil
	}
}

// tableKey is a flow's key in the table, flow_key in table.h.
func tableKey(key flow.Key) uint64 {
	return uint64(uint32(key.PID))<<32 | uint64(uint32(key.FD))
}

// slot is where a descriptor's flow is if nothing else was there before, nil where there are no
// slots; flow_slot in table.h.
func (t *flowTable) slot(key uint64) *bpf.CaptureFlow {
	if t.slots == nil {
		return nil
	}
	i := uint32(key>>32)*0x9E3779B1>>8 + uint32(key)
	return &t.slots[i&uint32(len(t.slots)-1)]
}

// read returns a flow's entry; false when the flow has ended.
func (t *flowTable) read(key flow.Key) (bpf.CaptureFlow, bool) {
	k := tableKey(key)
	s := t.slot(k)
	if s != nil {
		if f, ok := copySlot(s, k, key.ID); ok {
			return f, true
		}
		if atomic.LoadUint32(&s.Elsewhere) == 0 {
			return bpf.CaptureFlow{}, false
		}
	}
	var f bpf.CaptureFlow
	err := t.hashed.Lookup(&k, &f)
	return f, err == nil && isFlow(&f, key.ID)
}

// copySlot copies a slot if it holds the flow, before and after.
func copySlot(s *bpf.CaptureFlow, key, id uint64) (bpf.CaptureFlow, bool) {
	file := atomic.LoadUint64(&s.File)
	if atomic.LoadUint64(&s.Key) != key || !isRunning(file) {
		return bpf.CaptureFlow{}, false
	}
	f := bpf.CaptureFlow{File: file, Ops: atomic.LoadUint32(&s.Ops), Id: atomic.LoadUint64(&s.Id)}
	f.Totals = copyTotals(&s.Totals)
	return f, f.Id == id && atomic.LoadUint64(&s.File) == file && atomic.LoadUint64(&s.Id) == id
}

func copyTotals(t *bpf.CaptureFlowTotals) bpf.CaptureFlowTotals {
	return bpf.CaptureFlowTotals{
		ReadOps:    atomic.LoadUint64(&t.ReadOps),
		WriteOps:   atomic.LoadUint64(&t.WriteOps),
		ReadBytes:  atomic.LoadUint64(&t.ReadBytes),
		WriteBytes: atomic.LoadUint64(&t.WriteBytes),
		UringIo:    atomic.LoadUint32(&t.UringIo),
		UringOps:   atomic.LoadUint32(&t.UringOps),
	}
}

// take ends a flow and returns its entry; false when it has ended before.
func (t *flowTable) take(key flow.Key) (bpf.CaptureFlow, bool) {
	// look first: the descriptor may stand for another flow by now, which must stay
	f, ok := t.read(key)
	if !ok {
		return f, false
	}
	k := tableKey(key)
	s := t.slot(k)
	if f.Hashed != 0 {
		if take(t.hashed, &k, &f) != nil {
			return f, false
		}
		if s != nil {
			atomic.AddUint32(&s.Elsewhere, ^uint32(0))
		}
		return f, true
	}
	if !atomic.CompareAndSwapUint64(&s.File, f.File, flowEnding) {
		return f, false
	}
	f.Ops, f.Totals = atomic.LoadUint32(&s.Ops), copyTotals(&s.Totals)
	atomic.StoreUint32(&s.Ops, 0)
	atomic.StoreUint64(&s.Key, 0)
	s.Totals = bpf.CaptureFlowTotals{}
	atomic.StoreUint64(&s.File, 0)
	return f, true
}

func isFlow(f *bpf.CaptureFlow, id uint64) bool {
	return f.Id == id && isRunning(f.File)
}

// isRunning tells whether what an entry has for a file is an address of the kernel.
func isRunning(file uint64) bool { return int64(file) < 0 }
