package plogs

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Numbers of attributes, to size a record's map at once: too few costs a second
// allocation, too many costs memory.
const (
	processEventAttributes = 6
	fileEventAttributes    = 8
	fileFlowAttributes     = 9
	netEventAttributes     = 12
	netFlowAttributes      = 13
	processFlowAttributes  = 7
	k8sEventAttributes     = 4
	gapAttributes          = 4
	fileAttributes         = 5
	detailAttributes       = 2
)

// eventNames are the names of the log events, by kind.
var eventNames = [sysflow.NumKinds]string{
	sysflow.KindHeader:       "sysflow.header",
	sysflow.KindContainer:    "sysflow.container",
	sysflow.KindProcess:      "sysflow.process",
	sysflow.KindFile:         "sysflow.file",
	sysflow.KindProcessEvent: "sysflow.process.event",
	sysflow.KindNetworkFlow:  "sysflow.network.flow",
	sysflow.KindFileFlow:     "sysflow.file.flow",
	sysflow.KindFileEvent:    "sysflow.file.event",
	sysflow.KindNetworkEvent: "sysflow.network.event",
	sysflow.KindProcessFlow:  "sysflow.process.flow",
	sysflow.KindPod:          "sysflow.pod",
	sysflow.KindK8sEvent:     "sysflow.k8s.event",
	sysflow.KindGap:          "sysflow.gap",
}

// EventName returns the name of the log events of a kind: "sysflow.file.flow", ...
func EventName(k sysflow.Kind) string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return ""
}

// appendRecord starts a log record and returns its attributes, with room for n.
func (e *Encoder) appendRecord(g *group, kind sysflow.Kind, ts, observed int64, n int) pcommon.Map {
	lr := g.records.AppendEmpty()
	lr.SetTimestamp(pcommon.Timestamp(ts))               // bit pattern, read back the same way
	lr.SetObservedTimestamp(pcommon.Timestamp(observed)) // bit pattern, read back the same way
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetEventName(eventNames[kind])
	m := lr.Attributes()
	m.EnsureCapacity(n)
	m.PutStr(KeyType, kind.String())
	e.count++
	return m
}

// written is the time when a flow was written.
func written(ts, end int64) int64 {
	if end != 0 {
		return end
	}
	return ts
}

func (e *Encoder) addProcessEvent(r *sysflow.ProcessEvent) {
	m := e.appendRecord(e.processGroup(r.ProcOID), sysflow.KindProcessEvent, r.TS, e.clock.tick(r.TS), processEventAttributes)
	e.putOps(m, r.OpFlags)
	m.PutInt(KeyThreadID, r.TID)
	m.PutInt(KeyRet, int64(r.Ret))
	putTexts(m, KeyArgs, r.Args)
}

func (e *Encoder) addFileEvent(r *sysflow.FileEvent) {
	g := e.processGroup(r.ProcOID)
	observed := e.clock.tick(r.TS)
	n := fileEventAttributes
	if r.NewFileOID != nil {
		n += fileAttributes
	}
	m := e.appendRecord(g, sysflow.KindFileEvent, r.TS, observed, n)
	e.putOps(m, r.OpFlags)
	m.PutInt(KeyThreadID, r.TID)
	m.PutInt(KeyRet, int64(r.Ret))
	putTexts(m, KeyArgs, r.Args)
	putOrigin(m, r.Origin)
	e.putFileOf(m, &fileKeys, r.FileOID, g.container)
	if r.NewFileOID != nil {
		e.putFileOf(m, &newFileKeys, *r.NewFileOID, g.container)
	}
}

func (e *Encoder) addFileFlow(r *sysflow.FileFlow) {
	g := e.processGroup(r.ProcOID)
	n := fileFlowAttributes + used(&r.Counters)
	if e.pending.len() > 0 {
		n += detailAttributes
	}
	m := e.appendRecord(g, sysflow.KindFileFlow, r.TS, e.clock.tick(written(r.TS, r.EndTS)), n)
	e.putOps(m, r.OpFlags)
	m.PutInt(KeyEndTS, r.EndTS)
	m.PutInt(KeyThreadID, r.TID)
	e.putFileOf(m, &fileKeys, r.FileOID, g.container)
	if r.OpenFlags != 0 {
		m.PutInt(KeyOpenFlags, int64(r.OpenFlags))
	}
	putFD(m, r.FD)
	putOrigin(m, r.Origin)
	putCounters(m, &r.Counters)
}

func (e *Encoder) addNetworkFlow(r *sysflow.NetworkFlow) {
	g := e.processGroup(r.ProcOID)
	n := netFlowAttributes + used(&r.Counters)
	m := e.appendRecord(g, sysflow.KindNetworkFlow, r.TS, e.clock.tick(written(r.TS, r.EndTS)), n)
	e.putOps(m, r.OpFlags)
	m.PutInt(KeyEndTS, r.EndTS)
	m.PutInt(KeyThreadID, r.TID)
	e.putTuple(m, r.SIP, r.SPort, r.DIP, r.DPort, r.Proto)
	putFD(m, r.FD)
	putOrigin(m, r.Origin)
	putCounters(m, &r.Counters)
}

func (e *Encoder) addNetworkEvent(r *sysflow.NetworkEvent) {
	m := e.appendRecord(e.processGroup(r.ProcOID), sysflow.KindNetworkEvent, r.TS, e.clock.tick(r.TS), netEventAttributes)
	e.putOps(m, r.OpFlags)
	m.PutInt(KeyThreadID, r.TID)
	m.PutInt(KeyRet, int64(r.Ret))
	putTexts(m, KeyArgs, r.Args)
	putOrigin(m, r.Origin)
	e.putTuple(m, r.SIP, r.SPort, r.DIP, r.DPort, r.Proto)
	putFD(m, r.FD)
}

func (e *Encoder) addProcessFlow(r *sysflow.ProcessFlow) {
	g := e.processGroup(r.ProcOID)
	m := e.appendRecord(g, sysflow.KindProcessFlow, r.TS, e.clock.tick(written(r.TS, r.EndTS)), processFlowAttributes)
	e.putOps(m, r.OpFlags)
	m.PutInt(KeyEndTS, r.EndTS)
	m.PutInt(KeyThreadsCloned, r.NumThreadsCloned)
	m.PutInt(KeyThreadsExited, r.NumThreadsExited)
	m.PutInt(KeyThreadsFailed, r.NumCloneErrors)
}

func (e *Encoder) addK8sEvent(r *sysflow.K8sEvent) {
	m := e.appendRecord(e.hostGroup(), sysflow.KindK8sEvent, r.TS, e.clock.tick(r.TS), k8sEventAttributes)
	m.PutStr(KeyK8sKind, r.ComponentKind.String())
	m.PutStr(KeyK8sAction, r.Action.String())
	putText(m, KeyK8sMessage, r.Message)
}

func (e *Encoder) addGap(r *sysflow.Gap) {
	m := e.appendRecord(e.hostGroup(), sysflow.KindGap, r.TS, e.clock.tick(written(r.TS, r.EndTS)), gapAttributes)
	m.PutInt(KeyEndTS, r.EndTS)
	putText(m, KeyGapCause, r.Cause)
	m.PutInt(KeyGapCount, r.Count)
}
