// Package sequence finds things that happen one after the other: it is told which record
// satisfied which step of which sequence, and says when a sequence is complete. Time is
// that of the records, so a replay finds what the live host found.
//
// A sequence is complete when there is a hit of every step, each of a record of its own,
// in the order of their times (equal times are in order), from the first to the last within
// the window, and joined as the sequence asks. The order in which records arrive does not
// matter, because a flow is seen after it began. Records of different hosts never join.
// The hits of a complete sequence are used up: it fires once, and again when there is
// another set.
//
// Memory is bounded. Of each step at most hitsPerStep hits of the same key are held, the
// newest; but each hit holds on to the hits before it that start the latest, so with records
// in the order of time this bound never costs the first alert of a key, only repeated ones. With
// records that come late it may: a record can only follow one of the hits that are left. What
// goes because of it is counted.
//
// Hits expire by the time of the records of their host. One record alone with a wrong time
// expires nothing: a time that is ahead by more than window and lateness must be confirmed
// by the next record. If the clock jumped and turns out to have been wrong, what expired
// counts as evicted, and so does a hit whose time is still ahead long after.
//
// A limit that is known: a record may satisfy two steps with others between. If all hits from
// the one to the other have the same time, and the best way back leads through that record
// twice, no other way is tried, and the sequence may be missed.
package sequence

import (
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	// DefaultMaxHits is how many hits are held unless Options say otherwise.
	DefaultMaxHits = 1 << 16
	// defaultLateness fits traces of SysFlow's own collector, which writes flows that last
	// every 30 seconds, with the time at which they began.
	defaultLateness = time.Minute
	// hitsPerStep bounds the hits of one key and step, so that a process which repeats one
	// step costs neither memory nor time.
	hitsPerStep = 8
)

// Spec describes a sequence.
type Spec struct {
	// By says what joins the steps, Field which field for rules.JoinField.
	By    rules.JoinKind
	Field *field.Ref
	// Within is the longest time from the first step to the last.
	Within time.Duration
	// Steps is their number, at least 1.
	Steps int
}

// Options are limits; zero values stand for defaults.
type Options struct {
	// MaxHits bounds the hits that are held, over all sequences.
	MaxHits int
	// lateness is how long after the window of a sequence hits are kept for records that
	// arrive late.
	lateness time.Duration
}

// Hit is a record that satisfied a step.
type Hit struct {
	TS int64
	// OID is that of the process, zero where the record has none.
	OID  sysflow.OID
	Text string
}

// Machine holds the hits of incomplete sequences. It is not safe for concurrent use.
type Machine struct {
	specs       []Spec
	maxHits     int
	perStep     int
	lateness    time.Duration
	lanes       map[laneKey]*lane
	recent      entryList
	held        int
	evicted     int64
	repeated    int64
	clock       clock
	record      int64
	lists       [][]*hit
	value       field.Value
	text        []byte
	ancestorIDs []sysflow.OID
}

// NewMachine returns a machine for some sequences, which Step names by their index.
func NewMachine(specs []Spec, opts Options) *Machine {
	m := &Machine{
		specs: specs, maxHits: opts.MaxHits, perStep: hitsPerStep, lateness: opts.lateness,
		lanes: make(map[laneKey]*lane),
	}
	if m.maxHits <= 0 {
		m.maxHits = DefaultMaxHits
	}
	if m.lateness <= 0 {
		m.lateness = defaultLateness
	}
	m.recent.init()
	most := 0
	for _, s := range specs {
		most = max(most, s.Steps)
	}
	m.lists = make([][]*hit, most)
	return m
}

// Evicted returns how many hits were given up before their time: to stay within MaxHits, or
// because times of records were wrong.
func (m *Machine) Evicted() int64 { return m.evicted }

// Repeated returns how many hits made way for newer ones of the same key and step.
func (m *Machine) Repeated() int64 { return m.repeated }

// Pending returns how many hits are held.
func (m *Machine) Pending() int { return m.held }

// NextRecord begins the next record: hits told of before and after are of different ones.
func (m *Machine) NextRecord() { m.record++ }

// Step tells that the record satisfied a step, both counted from 0, of a sequence. It returns
// the hits of all steps in order if that completes the sequence, nil otherwise. describe
// gives the text of the hit; it is called unless the record cannot take part.
//
// p is the process of the record. That of r may be a copy of what it was: with ancestry hits are
// joined by p, whose ancestors may become known later.
//
// NextRecord must be called before the first step of each record.
func (m *Machine) Step(spec, step int, r *field.Record, p *field.Process, describe func() string) []Hit {
	s := &m.specs[spec]
	k, ok := m.keyOf(s, r)
	if !ok {
		return nil
	}
	l := m.lane(laneKey{spec: spec, node: r.Node.Name})
	h := &hit{Hit: Hit{TS: r.TS, Text: describe()}, record: m.record, proc: p, step: step}
	if r.Process != nil {
		h.OID = r.Process.OID
	}
	m.put(l, k, h)
	m.expire(l, h)

	lists := m.collect(l, s, h)
	link(lists, s.By)
	last := complete(lists, s.Within)
	if last == nil {
		m.bound(h)
		return nil
	}
	hits := make([]Hit, s.Steps)
	for x := last; x != nil; x = x.prev {
		hits[x.step] = x.Hit
		x.used = true
		m.remove(x)
	}
	m.bound(h)
	return hits
}
