package field

// falcoEvtUnanswerable are fields of events that SysFlow records say nothing about.
func falcoEvtUnanswerable() []*Def {
	g := group{Falco, ScopeRecord}
	const (
		noLatency  = "Falco itself has no latencies any more"
		noDelta    = "it depends on other events"
		noPlugin   = "there are no plugins"
		noTable    = "Falco itself knows it only in tables"
		noCalls    = "records count calls, they do not keep their sizes"
		noPayload  = "records do not hold what was read or written"
		noCategory = "it is not recorded which call failed"
	)
	list := []*Def{
		g.unanswerable("evt.reltime", "ns since the start of the capture", "a record does not know when the capture began", Int),
		g.unanswerable("evt.reltime.s", "s since the start of the capture", "a record does not know when the capture began", Int),
		g.unanswerable("evt.reltime.ns", "nanoseconds of that", "a record does not know when the capture began", Int),
		g.unanswerable("evt.pluginname", "plugin that made the event", noPlugin, String),
		g.unanswerable("evt.plugininfo", "summary of a plugin's event", noPlugin, String),
		g.unanswerable("evt.asynctype", "type of an asynchronous event", "there are no asynchronous events", String),
		g.unanswerable("evt.latency.human", "duration of the call as text", noLatency, String),
		g.unanswerable("evt.deltatime", "ns since the event before", noDelta, Int),
		g.unanswerable("evt.deltatime.s", "s since the event before", noDelta, Int),
		g.unanswerable("evt.deltatime.ns", "nanoseconds of that", noDelta, Int),
		g.unanswerable("evt.cpu", "number of the CPU", "records do not name the CPU", Int),
		g.unanswerable("evt.buffer", "what was read or written", noPayload, String),
		g.unanswerable("evt.is_wait", "whether the call waits", "sleeping and polling are not recorded", Bool),
		g.unanswerable("evt.around", "whether it happened around a time", "compare evt.rawtime", Int).arg(RequiredKey),
	}
	for _, name := range []string{"evt.latency", "evt.latency.s", "evt.latency.ns", "evt.latency.quantized", "evt.wait_latency"} {
		list = append(list, g.unanswerable(name, "duration of the call", noLatency, Int))
	}
	for _, kind := range []string{"file", "net", "memory", "other"} {
		list = append(list, g.unanswerable("evt.count.error."+kind, "1 if a call of this kind failed", noCategory, Int))
	}
	for _, name := range []string{"evt.count.procinfo", "evt.count.threadinfo"} {
		list = append(list, g.unanswerable(name, "number of such events", noTable, Int))
	}
	for _, name := range []string{"", ".in", ".out", ".file", ".file.in", ".file.out", ".net", ".net.in", ".net.out"} {
		list = append(list, g.unanswerable("evt.buflen"+name, "length of what was read or written", noCalls, Int))
	}
	for _, name := range []string{"name", "container.id", "container.name", "container.image"} {
		list = append(list, g.unanswerable("evt.infra.docker."+name, "of an event of the infrastructure", noTable, String))
	}
	return list
}
