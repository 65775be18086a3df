package fields

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"

// jsonVersion is the version of sysprint's JSON, of which this is one.
const jsonVersion = "4"

func recordFields() []Field {
	return []Field{
		{Name: "idx", Title: "Rec #", Width: 6, Help: "number of the row, from 0", OnDemand: true, Get: getIndex},
		{Name: "version", Title: "API version", Width: 8, Help: "version of this JSON format", Scope: ScopeProcess, Get: getVersion},
		{Name: "type", Title: "T", Width: 3, Help: "record type: PE, FE, NE events, PF, FF, NF flows, KE Kubernetes event, GAP", Get: getType},
		{Name: "state", Title: "State", Width: 8, Help: "state of the process (else the file): CREATED, MODIFIED, REUP", Get: getState},
		{Name: "opflags", Title: "Op Flags", Width: 11, Help: "operations: a word, or O A C W R N M S C T D by position", Kinds: acting, Missing: Empty, Get: getOps},
		{Name: "opflags_bitmap", Title: "Op Bits", Width: 7, Help: "operations as a number", Kinds: acting, Missing: Empty, Get: getOpBits},
		{Name: "ret", Title: "Ret", Width: 5, Help: "result of the system call, or wait status of an exit", Kinds: results, Get: getRet},
		{Name: "ts", Title: "Start Time", Width: 26, Help: "start, UTC", Get: getStart},
		{Name: "ts_uts", Title: "Start Time", Width: 19, Help: "start, ns since the epoch", Get: getStartNS},
		{Name: "endts", Title: "End Time", Width: 26, Help: "end of a flow or gap, UTC", Kinds: lasting, Missing: Empty, Get: getEnd},
		{Name: "endts_uts", Title: "End Time", Width: 19, Help: "end of a flow or gap, ns since the epoch", Kinds: lasting, Get: getEndNS},
	}
}

func getIndex(r *Row) Value { return intValue(r.Index) }

func getVersion(*Row) Value { return stringValue(jsonVersion) }

func getType(r *Row) Value { return stringValue(r.Kind().String()) }

func getState(r *Row) Value {
	switch {
	case r.Process != nil:
		return stringValue(r.Process.State.String())
	case r.File != nil:
		return stringValue(r.File.State.String())
	}
	return Value{Kind: Empty}
}

func getOps(r *Row) Value {
	r.scratch = text.AppendOps(r.scratch[:0], r.ops)
	return Value{Kind: Text, Raw: r.scratch}
}

func getOpBits(r *Row) Value {
	return intValue(r.ops)
}

func getRet(r *Row) Value {
	return intValue(r.ret)
}

func getStart(r *Row) Value {
	r.scratch = r.start.append(r.scratch[:0], r.ts)
	return Value{Kind: Text, Raw: r.scratch}
}

func getStartNS(r *Row) Value { return intValue(r.ts) }

func getEnd(r *Row) Value {
	r.scratch = r.end.append(r.scratch[:0], r.endTS)
	return Value{Kind: Text, Raw: r.scratch}
}

func getEndNS(r *Row) Value {
	return intValue(r.endTS)
}
