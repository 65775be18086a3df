package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestDescriptor(t *testing.T) {
	const otherRing = 5 << 20
	for fd, want := range map[int32]int32{
		0: 0, 7: 7, -1 << 31: -1, -1<<31 | 2: -3, -1<<31 | otherRing | 2: -3, -1<<31 | slotMask: -1 << 20,
	} {
		assert.Equal(t, want, Key{FD: fd}.Descriptor(), "%#x", uint32(fd))
	}
}

// A flow tells in each record by which ways it was used until then.
func TestOriginOfFlows(t *testing.T) {
	s := newSystem(t)
	var origins []sysflow.Origin
	s.b = NewBuilder(DefaultConfig(), s, s, func(r sysflow.Record) {
		if f, ok := r.(*sysflow.FileFlow); ok {
			origins = append(origins, f.Origin)
		}
	})
	s.snapshot(10, "/bin/a", 0)
	s.open(10, 3, "/f", sysflow.OpenReadOnly)
	s.totals[3].Origin = sysflow.OriginIOUring
	s.after(s.b.cfg.FirstExport * 2)
	s.do(3, opRead, 10)
	s.totals[3].Origin |= sysflow.OriginSyscall
	s.close(10, 3)
	assert.Equal(t, []sysflow.Origin{sysflow.OriginIOUring, sysflow.OriginIOUring | sysflow.OriginSyscall}, origins)
}

// When a thread of io_uring ends last, the end of the program's last thread was that of the process.
func TestExitByIOUring(t *testing.T) {
	s := newSystem(t)
	s.snapshot(10, "/bin/a", 0)
	s.apply(Event{Type: EventThread, PID: 10, Child: Child{TID: 11}})
	s.apply(Event{Type: EventThreadExit, PID: 10, TID: 11})
	s.apply(Event{Type: EventThreadExit, PID: 10})
	s.apply(Event{Type: EventExit, PID: 10, Origin: sysflow.OriginIOUring})
	s.expect(`
		P REUP 10 /bin/a
		PF 10 CLONE|EXIT 2-5 +1 -1 !0
		PE 10/10 EXIT 0
	`)

	s.snapshot(20, "/bin/b", 0)
	s.apply(Event{Type: EventThreadExit, PID: 20})
	s.apply(Event{Type: EventExit, PID: 20, Origin: sysflow.OriginIOUring})
	s.expect(`
		P REUP 20 /bin/b
		PE 20/20 EXIT 0
	`)
}
