package fields

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func flowFields() []Field {
	return []Field{
		{Name: "flow.rbytes", Title: "NoBRead", Width: 9, Help: "bytes read or received", Kinds: counting, Get: ofCounters(func(c *sysflow.Counters) int64 { return c.NumRRecvBytes })},
		{Name: "flow.rops", Title: "NoOpsRead", Width: 9, Help: "operations that read or received", Kinds: counting, Get: ofCounters(func(c *sysflow.Counters) int64 { return c.NumRRecvOps })},
		{Name: "flow.wbytes", Title: "NoBWrite", Width: 9, Help: "bytes written or sent", Kinds: counting, Get: ofCounters(func(c *sysflow.Counters) int64 { return c.NumWSendBytes })},
		{Name: "flow.wops", Title: "NoOpsWrite", Width: 10, Help: "operations that wrote or sent", Kinds: counting, Get: ofCounters(func(c *sysflow.Counters) int64 { return c.NumWSendOps })},
		{Name: "pf.nthreads", Title: "NoThreads", Width: 9, Help: "threads created", Kinds: onlyPF, Get: ofProcessFlow(func(f *sysflow.ProcessFlow) int64 { return f.NumThreadsCloned })},
		{Name: "pf.nexits", Title: "NoThrExits", Width: 10, Help: "threads ended", Kinds: onlyPF, Get: ofProcessFlow(func(f *sysflow.ProcessFlow) int64 { return f.NumThreadsExited })},
		{Name: "pf.nerrors", Title: "NoThrErrs", Width: 9, Help: "threads that could not be created", Kinds: onlyPF, Get: ofProcessFlow(func(f *sysflow.ProcessFlow) int64 { return f.NumCloneErrors })},
	}
}

func ofCounters(get func(*sysflow.Counters) int64) func(*Row) Value {
	return func(r *Row) Value { return intValue(get(r.counters)) }
}

func ofProcessFlow(get func(*sysflow.ProcessFlow) int64) func(*Row) Value {
	return func(r *Row) Value { return intValue(get(r.Event.(*sysflow.ProcessFlow))) } // Kinds sees to it
}
