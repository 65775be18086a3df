package flow

import (
	"testing"
	"time"
)

func TestProcessFlow(t *testing.T) {
	s := withProcess(t)
	s.apply(Event{Type: EventThread, PID: 10, Ret: 11, Child: Child{TID: 11}})
	s.apply(Event{Type: EventThread, PID: 10, Ret: 12, Child: Child{TID: 12}})
	s.apply(Event{Type: EventCloneFailed, PID: 10, Ret: -11})
	s.after(2 * time.Second)
	s.expect(`PF 10 CLONE 1-1003 +2 -0 !1`)
	s.apply(Event{Type: EventThreadExit, PID: 10, TID: 11})
	s.after(30 * time.Second)
	s.expect(`PF 10 EXIT 1003-31004 +0 -1 !0`)
	s.after(60 * time.Second)
	s.expect("")
	s.apply(Event{Type: EventThreadExit, PID: 10, TID: 12})
	s.exit(10, 0)
	s.expect(`
		PF 10 EXIT 92005-92006 +0 -1 !0
		PE 10/10 EXIT 0
	`)
	s.after(time.Minute)
	s.expect("")
}

func TestThreadEvents(t *testing.T) {
	s := withProcess(t, func(c *Config) { c.ThreadEvents = true })
	s.apply(Event{Type: EventThread, PID: 10, Ret: 3, Child: Child{TID: 11}})
	s.apply(Event{Type: EventCloneFailed, PID: 10, Ret: -11})
	s.apply(Event{Type: EventThreadExit, PID: 10, TID: 11, Ret: 1})
	s.exit(10, 0)
	s.expect(`
		PE 10/10 CLONE 3
		PE 10/11 CLONE 0
		PE 10/10 CLONE -11
		PE 10/11 EXIT 1
		PE 10/10 EXIT 0
	`)
}
