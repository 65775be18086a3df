package engine

import "slices"

// state is a point of the decision diagram: some units have been asked.
type state struct {
	// result is set where nothing is left to ask.
	result *Result
	// unit is the next to ask, left what is not decided yet, held what holds already.
	unit int32
	left []open
	held []int32

	next      map[uint32]*state
	lastClass uint32
	lastNext  *state
}

// open is a drop, rule or step that is not decided yet.
type open struct {
	item int32
	node nodeID
}

// follow returns the state behind a class, nil if that is not known yet.
func (s *state) follow(class uint32) *state {
	if s.lastNext != nil && s.lastClass == class {
		return s.lastNext
	}
	n := s.next[class]
	if n != nil {
		s.lastClass, s.lastNext = class, n
	}
	return n
}

// extend adds the state behind a class.
func (e *Engine) extend(s *state, class uint32) *state {
	bits := e.units[s.unit].passed[class]
	left := make([]open, 0, len(s.left))
	held := s.held
	e.conditions.begin()
	for _, o := range s.left {
		switch n := e.conditions.restrict(o.node, s.unit, bits); n {
		case falseNode:
		case trueNode:
			held = append(slices.Clip(held), o.item)
		default:
			left = append(left, open{o.item, n})
		}
	}
	n := e.state(left, held)
	if s.next == nil {
		s.next = make(map[uint32]*state)
	}
	s.next[class], s.lastClass, s.lastNext = n, class, n
	return n
}

// state makes the state in which some items hold and some are left.
func (e *Engine) state(left []open, held []int32) *state {
	e.states++
	e.open += len(left)
	s := &state{left: left, held: held, unit: noUnit}
	for _, o := range left {
		s.unit = min(s.unit, e.conditions.nodes[o.node].unit)
	}
	if len(left) == 0 || e.dropped(held) {
		s.result = e.resultOf(held)
	}
	return s
}

func (e *Engine) dropped(held []int32) bool {
	for _, item := range held {
		if int(item) < e.drops {
			return true
		}
	}
	return false
}

// resultOf sorts the items that hold into rules and steps, in the order of loading.
func (e *Engine) resultOf(held []int32) *Result {
	r := &Result{}
	if e.dropped(held) {
		r.Dropped = true
		return r
	}
	for _, item := range held {
		switch i := int(item) - e.drops; {
		case i < e.rules:
			r.Rules = append(r.Rules, i)
		default:
			r.Steps = append(r.Steps, i-e.rules)
		}
	}
	slices.Sort(r.Rules)
	slices.Sort(r.Steps)
	if e.opts.First && len(r.Rules) > 1 {
		r.Rules = r.Rules[:1]
	}
	return r
}
