package sysflowavroexporter

import (
	"container/list"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// nodeKey tells the origins of records apart: each has a trace file of its own.
// source is the file that records were replayed from. Two traces of one host may
// use the same ids for different things, so they are not mixed.
type nodeKey struct {
	exporter, ip, source string
}

// node is an origin of records. Decoder and ledger outlive its files: they know the
// files and processes that a new file has to describe again.
type node struct {
	key     nodeKey
	decoder *plogs.Decoder
	ledger  *plogs.Ledger
	trace   *trace // nil when there is none open
}

// nodes keeps the origins in the order of their last use.
type nodes struct {
	byKey map[nodeKey]*list.Element
	order list.List // of *node, the last used in front
}

func newNodes() *nodes { return &nodes{byKey: make(map[nodeKey]*list.Element)} }

// use returns the node of a key, new if need be.
func (ns *nodes) use(key nodeKey) *node {
	if el, ok := ns.byKey[key]; ok {
		ns.order.MoveToFront(el)
		return el.Value.(*node)
	}
	n := &node{key: key, decoder: plogs.NewDecoder(), ledger: plogs.NewLedger()}
	ns.byKey[key] = ns.order.PushFront(n)
	return n
}

// evict forgets and returns the node that was not used for the longest time, if
// there are more than limit.
func (ns *nodes) evict(limit int) *node {
	if ns.order.Len() <= limit {
		return nil
	}
	n := ns.order.Remove(ns.order.Back()).(*node)
	delete(ns.byKey, n.key)
	return n
}

// all yields every node.
func (ns *nodes) all(yield func(*node) bool) {
	for el := ns.order.Front(); el != nil; el = el.Next() {
		if !yield(el.Value.(*node)) {
			return
		}
	}
}

// part is what one node has in a batch.
type part struct {
	key  nodeKey
	logs plog.Logs
}

// partition splits a batch by node. A batch of a single node, the usual one, is
// not copied.
func (e *avroExporter) partition(ld plog.Logs) []part {
	rls := ld.ResourceLogs()
	if rls.Len() == 0 {
		return nil
	}
	first := e.keyOf(rls.At(0).Resource())
	for i := 1; i < rls.Len(); i++ {
		if e.keyOf(rls.At(i).Resource()) != first {
			return e.split(rls)
		}
	}
	return []part{{first, ld}}
}

func (e *avroExporter) split(rls plog.ResourceLogsSlice) []part {
	var parts []part
	at := make(map[nodeKey]int)
	for _, rl := range rls.All() {
		key := e.keyOf(rl.Resource())
		i, known := at[key]
		if !known {
			i = len(parts)
			at[key] = i
			parts = append(parts, part{key, plog.NewLogs()})
		}
		rl.CopyTo(parts[i].logs.ResourceLogs().AppendEmpty())
	}
	return parts
}

// keyOf names the node that a resource belongs to.
func (e *avroExporter) keyOf(res pcommon.Resource) nodeKey {
	key := nodeKey{
		exporter: e.cfg.ExporterID,
		ip:       e.cfg.NodeIP,
		source:   resourceString(res, plogs.KeyTraceFile),
	}
	if key.exporter == "" {
		key.exporter = resourceString(res, plogs.KeyHostName)
	}
	if key.ip == "" {
		key.ip = resourceString(res, plogs.KeyHostIP)
	}
	return key
}

// resourceString returns a resource attribute, or the first value if it is a list.
func resourceString(res pcommon.Resource, name string) string {
	v, ok := res.Attributes().Get(name)
	if !ok {
		return ""
	}
	if v.Type() == pcommon.ValueTypeSlice {
		if v.Slice().Len() == 0 {
			return ""
		}
		v = v.Slice().At(0)
	}
	return v.AsString()
}
