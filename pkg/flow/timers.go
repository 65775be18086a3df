package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// lostAfter is how long the end of a flow that the source does not know any more is
// waited for.
const lostAfter = int64(10e9)

// pollFlows reads the flows that are due, and writes those that did something.
func (b *Builder) pollFlows(now int64) {
	for _, q := range [...]*list[flow]{&b.fresh, &b.aged} {
		for f := q.popDue(now); f != nil; f = q.popDue(now) {
			b.poll(f, now)
		}
	}
	for f := b.awaited.popDue(now); f != nil; f = b.awaited.popDue(now) {
		b.lose(f, now)
	}
}

func (b *Builder) poll(f *flow, now int64) {
	tot, ok := b.meter.Read(f.key)
	if !ok {
		b.awaitEnd(f)
		return
	}
	f.known = tot
	switch {
	case f.pending() != 0:
		b.writeFlow(f, now, 0)
		f.active = now
	case b.isIdle(f, now):
		b.cutIdle(f, now)
		return
	default:
		f.since = now
	}
	b.pollLater(f)
}

func (b *Builder) pollLater(f *flow) {
	if b.cfg.ExportInterval > 0 {
		b.aged.addTimer(&f.timer, b.clock+int64(b.cfg.ExportInterval))
	}
}

// isIdle reports whether a flow may be forgotten. One that never did anything is
// kept: it costs a look now and then, and its first operation is worth a record.
func (b *Builder) isIdle(f *flow, now int64) bool {
	return f.written && b.cfg.IdleTimeout > 0 && now-f.active >= int64(b.cfg.IdleTimeout)
}

// cutIdle ends a flow here and at the source, which starts another one with the
// next operation.
func (b *Builder) cutIdle(f *flow, now int64) {
	tot, ok := b.meter.Take(f.key)
	if !ok {
		b.awaitEnd(f)
		return
	}
	f.known = tot
	b.finish(f, now, sysflow.OpTruncate)
}

// awaitEnd keeps a flow that has ended at the source until its event arrives.
func (b *Builder) awaitEnd(f *flow) {
	b.awaited.addTimer(&f.timer, b.clock+lostAfter)
}

// lose ends a flow whose end has not arrived with what is known of it.
func (b *Builder) lose(f *flow, ts int64) {
	b.stats.LostEnds++
	f.written = true // it did end: write at least that
	b.finish(f, ts, sysflow.OpTruncate)
}
