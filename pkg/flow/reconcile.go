package flow

import (
	"iter"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Processes yields the processes that have not ended, as far as is known. The loop
// must not call other methods of the builder.
func (b *Builder) Processes() iter.Seq[sysflow.OID] {
	return func(yield func(sysflow.OID) bool) {
		for e := b.live.first; e != nil; e = e.next {
			if !yield(e.owner.oid) {
				return
			}
		}
	}
}

// Reconcile ends the processes that are no longer alive and returns how many. It is
// meant to be called rarely, in case that the source has missed exits. Their flows are
// cut; an exit event is not written, since nobody knows when and how they ended.
//
// A process that was created after the caller has collected what alive tells would
// be taken for ended: it has to ask the system about those it does not find.
func (b *Builder) Reconcile(alive func(pid int32, createTS int64) bool, now int64) int {
	b.clock = max(b.clock, now)
	var dead []*process
	b.live.each(func(p *process) {
		if !alive(p.pid(), p.oid.CreateTS) {
			dead = append(dead, p)
		}
	})
	for _, p := range dead {
		b.stats.MissedExits++
		b.end(p, now)
	}
	return len(dead)
}
