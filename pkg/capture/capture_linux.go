//go:build amd64 || arm64

package capture

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// Capture observes the host from Open until Close.
type Capture struct {
	description string

	programs *ebpf.Collection
	links    []link.Link
	reader   *ringbuf.Reader
	record   ringbuf.Record
	decoder  *decoder
	flows    *flowTable
	meter    *meter
	handle   func(*flow.Event)
	// last is the time of the last event, behind whether Read left others.
	last   int64
	behind bool
	// undecodable is read by Losses, from any goroutine.
	undecodable atomic.Uint64
	adjusted    time.Time
}

// Open loads the programs and attaches them. On failure the error says which
// condition is not met and how to mend it, see Check.
//
// The capture calls handle for each event, from within Snapshot and Read. The event is valid
// during the call.
func Open(opts Options, handle func(*flow.Event)) (*Capture, error) {
	c, err := open(opts, handle)
	if err == nil {
		return c, nil
	}
	for _, r := range environment() {
		if !r.OK {
			return nil, fmt.Errorf("live capture is not possible: %s; %s", r.Detail, r.Remedy)
		}
	}
	return nil, fmt.Errorf("starting the capture: %w", err)
}

func open(opts Options, handle func(*flow.Event)) (_ *Capture, err error) {
	c := &Capture{decoder: newDecoder(), handle: handle, adjusted: time.Now()}
	c.decoder.containers = opts.Containers
	if opts.Filtered {
		c.decoder.programs = make(map[int32]uint32)
	}
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	set, err := configure(opts)
	if err != nil {
		return nil, err
	}
	c.description = set.String()
	if c.programs, err = ebpf.NewCollection(set.Spec); err != nil {
		return nil, fmt.Errorf("loading the programs: %w", err)
	}
	if c.flows, err = newFlowTable(c.programs.Maps); err != nil {
		return nil, err
	}
	c.meter = newMeter(c.flows, c.programs.Maps[bpf.CaptureMapPeers])
	if c.reader, err = ringbuf.NewReader(c.programs.Maps[bpf.CaptureMapEvents]); err != nil {
		return nil, fmt.Errorf("opening the ring buffer: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(c.programs.Programs)) {
		if set.Spec.Programs[name].AttachType != ebpf.AttachTraceRawTp {
			continue
		}
		l, err := link.AttachTracing(link.TracingOptions{Program: c.programs.Programs[name]})
		if err != nil {
			return nil, fmt.Errorf("attaching %s: %w", name, err)
		}
		c.links = append(c.links, l)
	}
	return c, nil
}

// configure fits the programs to the options and the running kernel.
func configure(opts Options) (*bpf.Set, error) {
	set, err := bpf.Load()
	if err != nil {
		return nil, err
	}
	spec := set.Spec
	if !opts.IOUring {
		set.DropIOUring()
	}
	if opts.RingBufferSize == 0 {
		opts.RingBufferSize = ringBufferSize(runtime.NumCPU())
	}
	spec.Maps[bpf.CaptureMapEvents].MaxEntries = opts.RingBufferSize
	if err = sizeFlowTable(spec, opts.MaxFlows); err != nil {
		return nil, fmt.Errorf("setting the size of the table of flows: %w", err)
	}
	spec.Maps[bpf.CaptureMapPeers].MaxEntries = max(opts.MaxFlows/4, 1)
	self, err := hostPID(spec)
	if err != nil {
		return nil, err
	}
	delete(spec.Programs, bpf.CaptureProgWhoAmI)
	if opts.Self {
		self = 0
	}
	for name, value := range map[string]any{
		bpf.CaptureVarSelfPid:         self,
		bpf.CaptureVarMaxArgs:         min(opts.MaxArgs, LimitArgs),
		bpf.CaptureVarMaxEnv:          min(opts.MaxEnv, LimitArgs),
		bpf.CaptureVarWantDirectories: toByte(opts.Directories),
		bpf.CaptureVarWantPipes:       toByte(opts.Pipes),
		bpf.CaptureVarWantContainers:  toByte(opts.Containers != nil),
		bpf.CaptureVarCgroupSubsys:    cgroupSubsystem(hostProc),
	} {
		if err := spec.Variables[name].Set(value); err != nil {
			return nil, fmt.Errorf("setting %s: %w", name, err)
		}
	}
	if err := applyMode(&opts, spec); err != nil {
		return nil, err
	}
	return set, setFilter(&opts, spec)
}

func toByte(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// hostPID returns this process's pid in the initial pid namespace, which is how the
// programs see it even when the collector runs in a container.
func hostPID(spec *ebpf.CollectionSpec) (uint32, error) {
	p, err := ebpf.NewProgram(spec.Programs[bpf.CaptureProgWhoAmI])
	if err != nil {
		return 0, fmt.Errorf("loading the programs: %w", err)
	}
	defer p.Close()
	pid, err := p.Run(&ebpf.RunOptions{})
	if err != nil {
		return 0, fmt.Errorf("finding the collector's own process: %w", err)
	}
	return pid, nil
}

// Close detaches and frees everything. It is safe to call twice.
func (c *Capture) Close() {
	c.Detach()
	if c.reader != nil {
		_ = c.reader.Close()
	}
	if c.flows != nil {
		c.flows.close()
	}
	if c.programs != nil {
		c.programs.Close()
	}
}

// Detach stops new events from being produced; those in the ring buffer are left for Drain.
func (c *Capture) Detach() {
	for _, l := range c.links {
		_ = l.Close()
	}
	c.links = nil
}

// Describe says in a line which programs were picked for this kernel, and what it lacks.
func (c *Capture) Describe() string { return c.description }

// Meter reads the totals of open flows. It must be used from the goroutine that calls Read.
func (c *Capture) Meter() flow.Meter { return c.meter }

// Now returns the time that an event would get that happened now.
func (c *Capture) Now() int64 {
	return c.decoder.clock.event(uint64(clockNow(bootClock)))
}

// Seen returns the time up to which events have been handled: now, or that of the last event if
// Read has left some.
func (c *Capture) Seen() int64 {
	if c.behind {
		return c.last
	}
	return c.Now()
}

// adjustInterval is how often the times of events are fitted to the system's clock.
const adjustInterval = 10 * time.Second

// readBurst is how many events Read handles before it looks at the clock.
const readBurst = 1024

// Read waits until the deadline, for the producers wake nobody, and handles the events that
// are there by then. Under load it returns though there are more.
func (c *Capture) Read(deadline time.Time) error {
	return c.read(deadline, readBurst)
}

// Drain handles all events that are there. It is meant for the time after Detach: else, under
// load, there would be no end to them.
func (c *Capture) Drain() error {
	return c.read(time.Now(), math.MaxInt)
}

// read handles events until there are no more and the deadline has come; of a number that burst
// divides it stops then though there are more.
func (c *Capture) read(deadline time.Time, burst int) error {
	if time.Since(c.adjusted) > adjustInterval {
		c.adjusted = time.Now()
		c.decoder.clock.adjust()
	}
	c.reader.SetDeadline(deadline)
	for n := 1; ; n++ {
		err := c.reader.ReadInto(&c.record)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.behind = false
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the ring buffer: %w", err)
		}
		c.dispatch(c.record.RawSample)
		if n%burst == 0 && time.Now().After(deadline) {
			c.behind = true
			return nil
		}
	}
}

// Snapshot handles the processes that exist already, then their open files. To miss nothing,
// call it once, before the first Read.
func (c *Capture) Snapshot() error {
	for _, name := range []string{bpf.CaptureProgSnapshotTask, bpf.CaptureProgSnapshotFile} {
		if err := c.iterate(c.programs.Programs[name]); err != nil {
			return fmt.Errorf("enumerating processes and files (%s): %w", name, err)
		}
	}
	return nil
}

func (c *Capture) iterate(p *ebpf.Program) error {
	it, err := link.AttachIter(link.IterOptions{Program: p})
	if err != nil {
		return err
	}
	defer it.Close()
	f, err := it.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	var size [4]byte
	for {
		if _, err := io.ReadFull(r, size[:]); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		b := make([]byte, binary.NativeEndian.Uint32(size[:]))
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
		c.dispatch(b)
	}
}

// dispatch decodes an event, keeps the meter's books, and hands it on.
func (c *Capture) dispatch(b []byte) {
	e, s, err := c.decoder.decode(b)
	if err != nil {
		c.undecodable.Add(1)
		return
	}
	switch {
	case e == nil:
		return
	case e.Type == flow.EventSnapshot:
		hostProc.complete(e, c.decoder.containers)
	case e.Type == flow.EventFlowStart && s.kind == bpf.CaptureFlowKindFLOW_DATAGRAM:
		c.meter.addPeer(e.Flow, s.socket)
	case e.Type == flow.EventFlowEnd && s.kind == bpf.CaptureFlowKindFLOW_DATAGRAM:
		c.endPeers(e, s.socket)
		return
	}
	c.handle(e)
	c.last = e.TS
}

// endPeers ends the flows of all peers of a datagram socket.
func (c *Capture) endPeers(e *flow.Event, socket uint64) {
	for _, key := range c.meter.peersOf(socket) {
		totals, ok := c.meter.Take(key)
		if !ok {
			continue
		}
		e.Flow, e.Totals = key, totals
		c.handle(e)
	}
	c.meter.forgetSocket(socket)
}

// Losses tells what is missing so far. It may be called from any goroutine.
func (c *Capture) Losses() (Losses, error) {
	var sum Losses
	for i := range uint32(bpf.CaptureLossLOSS_MAX) {
		var perCPU []uint64
		if err := c.programs.Maps[bpf.CaptureMapLosses].Lookup(i, &perCPU); err != nil {
			return sum, fmt.Errorf("reading the counters of losses: %w", err)
		}
		for _, n := range perCPU {
			sum[i] += n
		}
	}
	sum[LossUndecodable] = c.undecodable.Load()
	sum[LossCgroupUnknown] = c.decoder.cgroupsUnknown.Load()
	return sum, nil
}
