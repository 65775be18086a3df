package sysflowtest

import (
	"fmt"
	"math/rand/v2"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// start is the time of the first record, in nanoseconds.
const start = 1_700_000_000_000_000_000

// Records returns a trace of n records (none for n < 1), all of which version 5 can say. The first
// 45 records hold each kind, IPv4 and IPv6 in network flows and in network events;
// what follows is drawn at random. Two sources in the same state give equal traces.
//
// Times strictly increase in the order of writing: the time of an event, the end time of
// a flow. All strings are valid UTF-8, empty slices and maps are nil, and
// no record shares memory with another.
func Records(rng *rand.Rand, n int) []sysflow.Record {
	return (&generator{rng: rng}).records(n)
}

// RecordsV6 is Records with what version 6 adds: details of processes and containers, origins,
// arguments and operations.
func RecordsV6(rng *rand.Rand, n int) []sysflow.Record {
	return (&generator{rng: rng, v6: true}).records(n)
}

// generator holds the entities that were written so far.
type generator struct {
	rng        *rand.Rand
	v6         bool
	now        int64
	nextPID    int64
	pods       []*sysflow.Pod
	containers []*sysflow.Container
	processes  []*sysflow.Process
	files      []*sysflow.File
	known      map[sysflow.FOID]*sysflow.File
	out        []sysflow.Record
}

func (g *generator) records(n int) []sysflow.Record {
	g.now, g.known = start, map[sysflow.FOID]*sysflow.File{}
	g.tour()
	for len(g.out) < n {
		g.random()
	}
	return g.out[:max(n, 0)]
}

func (g *generator) emit(rec sysflow.Record) { g.out = append(g.out, rec) }

// tick advances the clock.
func (g *generator) tick() int64 {
	g.now += 1 + g.rng.Int64N(5_000_000)
	return g.now
}

// tour writes at least one record of each kind.
func (g *generator) tour() {
	g.emit(&sysflow.Header{
		Version:  g.version(),
		Exporter: fmt.Sprintf("node-%d", g.rng.IntN(100)),
		IP:       "192.0.2.1",
		Filename: "/var/lib/sysflow/node.1700000000.sf",
	})
	for range 2 {
		g.process("", nil)
	}
	g.pod()
	g.container(g.pods[0].ID)
	g.container("")
	for _, c := range g.containers {
		g.process(c.ID, g.processes[0])
	}
	for _, p := range g.processes {
		g.file(p.ContainerID)
	}
	for _, p := range g.processes {
		g.processEvent(p)
		g.fileFlow(p)
	}
	host, contained := g.processes[0], g.processes[2]
	g.fileEvent(host)
	g.fileEvent(contained)
	for _, v6 := range []bool{false, true} {
		g.networkFlow(host, v6)
		g.networkFlow(contained, v6)
		g.networkEvent(contained, v6)
	}
	g.processFlow(host)
	g.k8sEvent()
	g.gap()
}

// random writes one step of the life of the imagined host.
func (g *generator) random() {
	p := pick(g.rng, g.processes)
	switch d := g.rng.IntN(100); {
	case d < 1:
		g.pod()
	case d < 2:
		g.container(pick(g.rng, g.pods).ID)
	case d < 8:
		g.process(p.ContainerID, p)
	case d < 9:
		g.process(pick(g.rng, g.containers).ID, p)
	case d < 11:
		g.modify(p)
	case d < 20:
		g.file(p.ContainerID)
	case d < 30:
		g.processEvent(p)
	case d < 38:
		g.processFlow(p)
	case d < 60:
		g.networkFlow(p, d%3 == 0)
	case d < 85:
		g.fileFlow(p)
	case d < 95:
		g.fileEvent(p)
	case d < 98:
		g.networkEvent(p, d%2 == 0)
	case d < 99:
		g.k8sEvent()
	default:
		g.gap()
	}
}

func (g *generator) version() int64 {
	if g.v6 {
		return sysflow.SchemaV6
	}
	return sysflow.SchemaV5
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
