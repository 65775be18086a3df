package flow

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Builder turns system events into SysFlow records. It is not safe for concurrent
// use: one goroutine calls Apply and Advance, and its Meter, Host and sink are called
// from within these.
type Builder struct {
	cfg   Config
	meter Meter
	host  Host
	sink  func(sysflow.Record)

	// clock is the latest time seen.
	clock int64

	procs map[sysflow.OID]*process
	// pids holds the processes that have not ended.
	pids map[int32]*process
	// A process is in one of these lists: live, least recently active first;
	// exited, for a while; held, because a child is still in the table.
	live, exited, held list[process]
	containers         map[string]*container
	numFiles           int
	// unused holds the files without open flows, least recently used first.
	unused list[file]
	flows  map[uint64]*flow
	free   []*flow
	// roles are those of the connections that were seen last.
	roles *recent.Map[roleKey, Role]

	// Flows wait in fresh for their first export, then in aged for the next one, or
	// in awaited for the event of their end.
	fresh, aged, awaited      list[flow]
	freshThreads, agedThreads list[process]

	// procSeq and fileSeq number the process and file records.
	procSeq, fileSeq uint64

	stats   Stats
	scratch scratch
}

// scratch holds the records that are reused from call to call of the sink.
type scratch struct {
	pe     sysflow.ProcessEvent
	fe     sysflow.FileEvent
	pf     sysflow.ProcessFlow
	ff     sysflow.FileFlow
	nf     sysflow.NetworkFlow
	ne     sysflow.NetworkEvent
	args   [1]string
	newOID sysflow.FOID
}

// NewBuilder returns a builder without any knowledge of the system.
//
// The sink gets each record in order. Entities (processes, files) are never changed
// again and may be kept; events and flows are valid during the call only. The sink
// must not call the builder.
func NewBuilder(cfg Config, meter Meter, host Host, sink func(sysflow.Record)) *Builder {
	return &Builder{
		cfg:        cfg,
		meter:      meter,
		host:       host,
		sink:       sink,
		procs:      make(map[sysflow.OID]*process),
		pids:       make(map[int32]*process),
		containers: make(map[string]*container),
		flows:      make(map[uint64]*flow),
		roles:      recent.New[roleKey, Role](rememberedRoles),
	}
}

// Apply takes the next event. The builder keeps the event's strings and slices, but
// neither the event nor its Process. Events should come in the order of their times;
// small disorder does no harm.
func (b *Builder) Apply(e *Event) {
	b.clock = max(b.clock, e.TS)
	switch e.Type {
	case EventSnapshot:
		b.snapshot(e)
	case EventFork:
		b.fork(e)
	case EventThread:
		b.threadStart(e)
	case EventCloneFailed:
		b.cloneFailed(e)
	case EventExec:
		b.exec(e)
	case EventThreadExit:
		b.threadExit(e)
	case EventExit:
		b.exit(e)
	case EventSetuid:
		b.setuid(e)
	case EventCreds:
		b.creds(e)
	case EventChdir:
		b.chdir(e)
	case EventName:
		b.name(e)
	case EventFlowStart:
		b.flowStart(e)
	case EventFlowEnd:
		b.flowEnd(e)
	case EventProcessOp:
		b.processOp(e)
	case EventSocketOp:
		b.socketOp(e)
	}
	b.limitProcesses()
}

// Advance writes the flows that are due and forgets what has ended. Call it several
// times a second, with the current time.
func (b *Builder) Advance(now int64) {
	b.clock = max(b.clock, now)
	b.pollFlows(b.clock)
	b.pollThreads(b.clock)
	b.reap(b.clock)
	b.limitProcesses()
}

// Close writes all that is still open, marked OpTruncate, and forgets everything but
// the figures of Stats.
func (b *Builder) Close(now int64) {
	b.clock = max(b.clock, now)
	var all []*process
	for _, l := range []*list[process]{&b.held, &b.exited, &b.live} {
		l.each(func(p *process) { all = append(all, p) })
	}
	for _, p := range all {
		b.endFlows(&p.networkFlows, now, true)
		b.endFlows(&p.fileFlows, now, true)
		b.endThreads(p, now, sysflow.OpTruncate)
	}
	stats := b.stats
	*b = *NewBuilder(b.cfg, b.meter, b.host, b.sink)
	b.stats = stats
}
