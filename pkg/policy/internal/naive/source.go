package naive

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
)

// source takes decisions from bytes, so that a fuzzer can make rules and records: each of two bytes,
// of which the first counts most. When they are used up, they determine what follows.
type source struct {
	data []byte
	rest *rand.PCG
}

func newSource(data []byte) *source {
	h := fnv.New64a()
	h.Write(data)
	return &source{data: data, rest: rand.NewPCG(h.Sum64(), 3)}
}

// Uint64 implements rand.Source.
func (s *source) Uint64() uint64 {
	n := s.rest.Uint64()
	if len(s.data) < 2 {
		return n
	}
	first := binary.BigEndian.Uint16(s.data)
	s.data = s.data[2:]
	return uint64(first)<<48 | n>>16
}

// NewRulesOf returns a maker of rules that are determined by bytes.
func NewRulesOf(data []byte) *Rules {
	g := NewRules(0)
	g.rnd = rand.New(newSource(data)) //nolint:gosec // to be repeated
	return g
}

// NewWorldOf returns a world that is determined by bytes.
func NewWorldOf(data []byte) *World {
	w := NewWorld(0)
	w.rnd = rand.New(newSource(data)) //nolint:gosec // to be repeated
	return w
}
