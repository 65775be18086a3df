package engine

import "strings"

// fewPatterns is up to how many texts are looked for one by one, which is faster for few.
const fewPatterns = 4

// substrings finds which of many texts a text contains: few one by one, many in one pass
// with the automaton of Aho and Corasick (Communications of the ACM 18, 1975).
type substrings struct {
	few []pattern
	// empty are the bits of the empty text, which everything contains.
	empty []int32

	// column is the place of a byte in a row of next; 0 for bytes that no text has.
	column [256]uint16
	width  int
	next   []int32
	// found are the bits of what ends at a state, with those of shorter texts that end there.
	found [][]int32
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
	s.columns(kept)
	if fold {
		copy(s.column['A':'Z'+1], s.column['a':'z'+1])
	}
	s.trie(kept)
	s.link()
	return s
}

func (s *substrings) columns(list []pattern) {
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

// trie builds the states; 0 is the root, and a transition to it means none yet.
func (s *substrings) trie(list []pattern) {
	s.addState()
	for _, p := range list {
		at := 0
		for _, c := range []byte(p.text) {
			slot := at*s.width + int(s.column[c])
			if s.next[slot] == 0 {
				s.next[slot] = int32(len(s.found))
				s.addState()
			}
			at = int(s.next[slot])
		}
		s.found[at] = append(s.found[at], p.bit)
	}
}

func (s *substrings) addState() {
	s.next = append(s.next, make([]int32, s.width)...)
	s.found = append(s.found, nil)
}

// link makes every transition lead to the longest text that may still become one of the
// list, by going through the states in order of their depth.
func (s *substrings) link() {
	fail := make([]int32, len(s.found))
	queue := make([]int32, 0, len(s.found))
	for col := range s.width {
		if to := s.next[col]; to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := int(queue[0])
		queue = queue[1:]
		back := int(fail[at])
		s.found[at] = append(s.found[at], s.found[back]...)
		for col := range s.width {
			slot := at*s.width + col
			shorter := s.next[back*s.width+col]
			if to := s.next[slot]; to != 0 {
				fail[to] = shorter
				queue = append(queue, to)
			} else {
				s.next[slot] = shorter
			}
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
	if s.next == nil {
		return
	}
	at := 0
	for i := range len(text) {
		at = int(s.next[at*s.width+int(s.column[text[i]])])
		if f := s.found[at]; f != nil {
			setAll(bits, f)
		}
	}
}
