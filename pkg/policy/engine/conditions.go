package engine

import (
	"encoding/binary"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
)

// nodeID names a condition. Equal conditions have the same.
type nodeID int32

const (
	falseNode nodeID = iota
	trueNode
)

type nodeKind uint8

const (
	atomNode nodeKind = iota
	notNode
	andNode
	orNode
)

// node is a condition. Its kids were there before it.
type node struct {
	kind nodeKind
	// unit is the first unit that the condition asks.
	unit int32
	// bit is that of an atom in its unit.
	bit  int32
	kids []nodeID
}

// noUnit is behind all units.
const noUnit = int32(1) << 30

// conditions holds conditions, each once: equal parts are the same node.
type conditions struct {
	// base holds the first of the nodes, and is shared.
	base  *conditions
	nodes []node
	index map[string]nodeID
	key   []byte
	// memo holds what restrict found in its present run.
	memo []restricted
	run  uint64
}

type restricted struct {
	run uint64
	to  nodeID
}

// newConditions returns a set with the nodes of base, which may be nil.
func newConditions(base *conditions) *conditions {
	g := &conditions{base: base}
	g.reset()
	return g
}

// reset forgets all nodes but those of the base.
func (g *conditions) reset() {
	g.index, g.memo, g.run = make(map[string]nodeID), nil, 0
	if g.base != nil {
		g.nodes = slices.Clone(g.base.nodes)
		return
	}
	g.nodes = []node{{unit: noUnit}, {unit: noUnit}}
}

// own returns how many nodes the base does not have.
func (g *conditions) own() int { return len(g.nodes) - len(g.base.nodes) }

// intern returns the node of that kind with those kids or that bit.
func (g *conditions) intern(n node) nodeID {
	key := g.key[:0]
	key = append(key, byte(n.kind))
	if n.kind == atomNode {
		key = binary.LittleEndian.AppendUint32(key, uint32(n.unit))
		key = binary.LittleEndian.AppendUint32(key, uint32(n.bit))
	}
	for _, k := range n.kids {
		key = binary.LittleEndian.AppendUint32(key, uint32(k))
	}
	g.key = key
	if g.base != nil {
		if id, ok := g.base.index[string(key)]; ok {
			return id
		}
	}
	if id, ok := g.index[string(key)]; ok {
		return id
	}
	id := nodeID(len(g.nodes))
	n.kids = slices.Clone(n.kids)
	g.nodes = append(g.nodes, n)
	g.index[string(key)] = id
	return id
}

func (g *conditions) atom(unit, bit int32) nodeID {
	return g.intern(node{kind: atomNode, unit: unit, bit: bit})
}

func (g *conditions) not(id nodeID) nodeID {
	switch {
	case id == falseNode:
		return trueNode
	case id == trueNode:
		return falseNode
	case g.nodes[id].kind == notNode:
		return g.nodes[id].kids[0]
	}
	kids := [1]nodeID{id}
	return g.intern(node{kind: notNode, unit: g.nodes[id].unit, kids: kids[:]})
}

// join returns the conjunction or disjunction of kids, whose order does not matter. It
// changes kids.
func (g *conditions) join(kind nodeKind, kids []nodeID) nodeID {
	neutral, absorbing := trueNode, falseNode
	if kind == orNode {
		neutral, absorbing = falseNode, trueNode
	}
	slices.Sort(kids)
	kids = slices.Compact(kids)
	kept := kids[:0]
	unit := noUnit
	for _, k := range kids {
		switch k {
		case absorbing:
			return absorbing
		case neutral:
		default:
			kept = append(kept, k)
			unit = min(unit, g.nodes[k].unit)
		}
	}
	switch len(kept) {
	case 0:
		return neutral
	case 1:
		return kept[0]
	}
	return g.intern(node{kind: kind, unit: unit, kids: kept})
}

// add returns the node of a condition.
func (g *conditions) add(e expr.Expr, atoms map[string]placed) nodeID {
	switch e := e.(type) {
	case expr.Const:
		if e {
			return trueNode
		}
	case expr.Not:
		return g.not(g.add(e.Operand, atoms))
	case expr.And:
		return g.join(andNode, g.addAll(e, atoms))
	case expr.Or:
		return g.join(orNode, g.addAll(e, atoms))
	case *expr.Atom:
		p := atoms[e.Key()]
		return g.atom(p.unit, p.bit)
	}
	return falseNode
}

func (g *conditions) addAll(list []expr.Expr, atoms map[string]placed) []nodeID {
	out := make([]nodeID, len(list))
	for i, e := range list {
		out[i] = g.add(e, atoms)
	}
	return out
}

// begin starts a run of restrict calls with the same unit and bits.
func (g *conditions) begin() {
	g.run++
	if len(g.memo) < len(g.nodes) {
		g.memo = slices.Grow(g.memo, len(g.nodes)-len(g.memo))[:len(g.nodes)]
	}
}

// restrict returns what is left of a condition once the answers of its first unit are known.
func (g *conditions) restrict(id nodeID, unit int32, bits []uint64) nodeID {
	n := &g.nodes[id]
	if n.unit > unit {
		return id
	}
	if m := g.memo[id]; m.run == g.run {
		return m.to
	}
	to := falseNode
	switch n.kind {
	case atomNode:
		if has(bits, n.bit) {
			to = trueNode
		}
	case notNode:
		to = g.not(g.restrict(n.kids[0], unit, bits))
	default:
		to = g.restrictKids(n.kind, n.kids, unit, bits)
	}
	g.memo[id] = restricted{run: g.run, to: to}
	return to
}

func (g *conditions) restrictKids(kind nodeKind, kids []nodeID, unit int32, bits []uint64) nodeID {
	absorbing := falseNode
	if kind == orNode {
		absorbing = trueNode
	}
	var room [16]nodeID
	left := room[:0]
	for _, k := range kids {
		to := g.restrict(k, unit, bits)
		if to == absorbing {
			return absorbing
		}
		left = append(left, to)
	}
	return g.join(kind, left)
}

func has(bits []uint64, bit int32) bool { return bits[bit>>6]&(1<<(bit&63)) != 0 }

func set(bits []uint64, bit int32) { bits[bit>>6] |= 1 << (bit & 63) }
