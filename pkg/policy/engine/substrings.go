package engine

import "strings"

const (
	// fewPatterns is up to how many texts are looked for one by one, which is faster for few.
	fewPatterns = 4
	// denseTable bounds, in entries, the table with which the next state is one lookup away.
	// Larger ones would not stay in the cache anyway.
	denseTable = 1 << 18
)

// substrings finds which of many texts a text contains: few one by one, many in one pass
// with the automaton of Aho and Corasick (Communications of the ACM 18, 1975).
type substrings struct {
	few []pattern
	// empty are the bits of the empty text, which everything contains.
	empty []int32

	// column is the letter of a byte; 0 for bytes that no text has.
	column [256]uint16
	width  int
	states []trieState
	// found are the bits of the texts that end at a state.
	found map[int32][]int32
	// next has a row of states for each state, nil where that would be too large.
	next []int32
}

// trieState is the beginning of some texts; state 0 is the empty one.
type trieState struct {
	letter         uint16
	child, sibling int32
	// fail is the state of the longest end of this text that is the beginning of a text.
	fail int32
	// report is the first state with something found among this one, its fail, and so on; 0
	// for none.
	report int32
}

// newSubstrings returns nil if there is nothing to find. With fold, the texts are in lower
// case and are found in any ASCII case.
func newSubstrings(list []pattern, fold bool) *substrings {
	if len(list) == 0 {
		return nil
	}
	s := &substrings{}
	kept := list[:0:0]
	for _, p := range list {
		if p.text == "" {
			s.empty = append(s.empty, p.bit)
		} else {
			kept = append(kept, p)
		}
	}
	if len(kept) <= fewPatterns && !fold {
		s.few = kept
		return s
	}
	s.letters(kept)
	if fold {
		copy(s.column['A':'Z'+1], s.column['a':'z'+1])
	}
	s.trie(kept)
	order := s.link()
	if len(s.states)*s.width <= denseTable {
		s.table(order)
	}
	return s
}

func (s *substrings) letters(list []pattern) {
	s.width = 1
	for _, p := range list {
		for _, c := range []byte(p.text) {
			if s.column[c] == 0 {
				s.column[c] = uint16(s.width)
				s.width++
			}
		}
	}
}

func (s *substrings) trie(list []pattern) {
	s.states = make([]trieState, 1)
	s.found = make(map[int32][]int32)
	for _, p := range list {
		at := int32(0)
		for _, c := range []byte(p.text) {
			letter := s.column[c]
			to := s.edge(at, letter)
			if to == 0 {
				to = int32(len(s.states))
				s.states = append(s.states, trieState{letter: letter, sibling: s.states[at].child})
				s.states[at].child = to
			}
			at = to
		}
		s.found[at] = append(s.found[at], p.bit)
	}
}

// edge returns the state of the text with one more letter, 0 if there is none.
func (s *substrings) edge(at int32, letter uint16) int32 {
	for to := s.states[at].child; to != 0; to = s.states[to].sibling {
		if s.states[to].letter == letter {
			return to
		}
	}
	return 0
}

// link fills in fail and report, and returns the states by their length.
func (s *substrings) link() []int32 {
	order := make([]int32, 1, len(s.states))
	for i := 0; i < len(order); i++ {
		at := order[i]
		for to := s.states[at].child; to != 0; to = s.states[to].sibling {
			order = append(order, to)
			if at != 0 {
				s.states[to].fail = s.step(s.states[at].fail, s.states[to].letter)
			}
			s.states[to].report = s.states[s.states[to].fail].report
			if s.found[to] != nil {
				s.states[to].report = to
			}
		}
	}
	return order
}

// step returns the state after a letter.
func (s *substrings) step(at int32, letter uint16) int32 {
	for {
		if to := s.edge(at, letter); to != 0 || at == 0 {
			return to
		}
		at = s.states[at].fail
	}
}

// table fills in next, by the states' length, so that those of a state's fail are there.
func (s *substrings) table(order []int32) {
	s.next = make([]int32, len(s.states)*s.width)
	for _, at := range order {
		row := s.next[int(at)*s.width:][:s.width]
		copy(row, s.next[int(s.states[at].fail)*s.width:][:s.width])
		for to := s.states[at].child; to != 0; to = s.states[to].sibling {
			row[s.states[to].letter] = to
		}
	}
}

// find sets the bits of all texts in text.
func (s *substrings) find(text string, bits []uint64) {
	setAll(bits, s.empty)
	for _, p := range s.few {
		if strings.Contains(text, p.text) {
			set(bits, p.bit)
		}
	}
	if s.states == nil {
		return
	}
	at := int32(0)
	for i := range len(text) {
		letter := s.column[text[i]]
		if s.next != nil {
			at = s.next[int(at)*s.width+int(letter)]
		} else {
			at = s.step(at, letter)
		}
		for r := s.states[at].report; r != 0; r = s.states[s.states[r].fail].report {
			setAll(bits, s.found[r])
		}
	}
}
