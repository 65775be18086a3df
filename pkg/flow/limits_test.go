package flow

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestFileTableIsBounded(t *testing.T) {
	s := withProcess(t, func(c *Config) { c.MaxFiles = 10 })
	s.open(10, 5, "/open", flagsLib)
	for i := range 100 {
		e := unlink(10)
		e.Path = fmt.Sprint("/", i)
		s.apply(e)
	}
	stats := s.b.Stats()
	assert.LessOrEqual(t, stats.Files, 12)
	assert.EqualValues(t, 102-stats.Files, stats.EvictedFiles)
	s.lines = nil
	e := unlink(10)
	e.Path = "/99"
	s.apply(e)
	e.Path = "/1"
	s.apply(e)
	s.close(10, 5)
	s.expect(`
		FE 10/10 UNLINK /99 -2
		F CREATED ? /1
		FE 10/10 UNLINK /1 -2
		F REUP f /open
		FF 10/10 OPEN|CLOSE /open fd5 0x1001 1-104
	`)
}

func TestFileIsWrittenAgainBeforeReadersForgetIt(t *testing.T) {
	s := withProcess(t, func(c *Config) { c.MaxFiles = 10 })
	s.open(10, 5, "/open", flagsLib)
	s.after(2e9)
	for i := range 10 {
		e := unlink(10)
		e.Path = fmt.Sprint("/", i)
		s.apply(e)
	}
	s.lines = nil
	s.close(10, 5)
	s.expect(`
		F REUP f /open
		FF 10/10 CLOSE /open fd5 0x1001 1001-2012
	`)
}

func TestProcessTableIsBounded(t *testing.T) {
	s := newSystem(t, func(c *Config) { c.MaxProcesses = 3 })
	s.snapshot(10, "/bin/a", 0)
	s.open(10, 5, "/a", flagsLib)
	s.snapshot(20, "/bin/b", 10)
	s.snapshot(30, "/bin/c", 0)
	s.apply(unlink(20))
	s.lines = nil
	s.now = t0 + 100e6
	s.snapshot(40, "/bin/d", 10)
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|TRUNCATE /a fd5 0x1001 2-101
	`)
	s.snapshot(50, "/bin/e", 0)
	stats := s.b.Stats()
	assert.Equal(t, 3, stats.Processes)
	assert.EqualValues(t, 2, stats.EvictedProcesses)
	assert.Empty(t, s.totals)
	s.apply(unlink(40))
	assert.Contains(t, s.lines, "P REUP 40 /bin/d <10", "parent is gone, which readers must accept")
}

func TestAncestorsAreForgottenFirst(t *testing.T) {
	s := newSystem(t, func(c *Config) { c.MaxProcesses = 10 })
	s.snapshot(1, "/bin/a", 0)
	for pid := int32(1); pid < 100; pid++ { // a program that starts itself anew
		s.fork(pid, pid+1)
		s.exit(pid, 0)
		s.after(1500e6)
	}
	stats := s.b.Stats()
	assert.Equal(t, 10, stats.Processes)
	assert.Zero(t, stats.EvictedProcesses)
	assert.EqualValues(t, 90, stats.EvictedAncestors)
	s.exit(100, 0)
	s.after(1500e6)
	assert.Zero(t, s.b.Stats().Processes)
	assert.Empty(t, s.b.pids)
}

func TestProcessIsWrittenAgainBeforeReadersForgetIt(t *testing.T) {
	s := newSystem(t, func(c *Config) { c.MaxProcesses = 10 })
	s.snapshot(1, "/bin/a", 0)
	s.snapshot(2, "/bin/b", 1)
	s.apply(unlink(2))
	for range 10 {
		s.apply(Event{Type: EventSetuid, PID: 1, Process: &ProcessInfo{}})
	}
	s.lines = nil
	s.apply(unlink(2))
	s.expect(`
		P REUP 2 /bin/b <1
		FE 2/2 UNLINK /x -2
	`)
}

func TestNoBounds(t *testing.T) {
	s := withProcess(t, func(c *Config) { c.MaxProcesses, c.MaxFiles = 0, 0 })
	for i := range int32(100) {
		e := unlink(100 + i)
		e.Path = fmt.Sprint("/", i)
		s.apply(e)
	}
	stats := s.b.Stats()
	assert.Equal(t, 101, stats.Processes)
	assert.Equal(t, 101, stats.Files)
	assert.EqualValues(t, 101, stats.Records[sysflow.KindFile])
}
