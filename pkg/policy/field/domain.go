package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Domain says which records a field is about. Def.Get is not asked about others: they have no
// value, whatever they hold.
type Domain struct {
	// always are kinds of records that may have a value whatever they did, byOps those that may
	// have one if they did one of ops.
	always, byOps kindSet
	ops           sysflow.OpFlags
}

// Has reports whether records of a kind with some operations may have a value.
func (d *Domain) Has(kind sysflow.Kind, ops sysflow.OpFlags) bool {
	return d == nil || d.always&(1<<kind) != 0 || d.byOps&(1<<kind) != 0 && ops&d.ops != 0
}

// within makes a field one about the records of a domain.
func (d *Def) within(domain *Domain) {
	d.Domain = domain
	if get := d.Get; get != nil {
		d.Get = func(r *Record, arg Arg, v *Value) {
			if domain.Has(r.Kind, r.Ops) {
				get(r, arg, v)
			}
		}
	}
	if d.single != nil {
		d.single.within(domain)
	}
}

// Sets of kinds for domains, besides those of events.
const (
	ofEvents   = 1<<sysflow.KindProcessEvent | inNames | inSockets
	ofFlows    = 1<<sysflow.KindProcessFlow | inFiles | 1<<sysflow.KindNetworkFlow
	ofAll      = ofEvents | ofFlows // what Kubernetes reports is about none of it
	ofFile     = inFiles | inNames
	ofNetwork  = 1<<sysflow.KindNetworkFlow | inSockets
	ofCounters = inFiles | 1<<sysflow.KindNetworkFlow
)

// domains are those of fields about some records only, by names. Fields of the process and of paths
// need none: Record says which kinds have these.
func domains() map[string]*Domain {
	const (
		unixOps = sysflow.OpBind | sysflow.OpListen | sysflow.OpConnect
		pairOps = sysflow.OpRename | sysflow.OpLink
	)
	on := func(kinds kindSet, ops sysflow.OpFlags) *Domain { return &Domain{byOps: kinds, ops: ops} }
	all := map[string]*Domain{}
	add := func(domain *Domain, names ...string) {
		for _, name := range names {
			all[name] = domain
		}
	}
	kinds := func(set kindSet) *Domain { return &Domain{always: set} }

	add(kinds(ofAll), "sf.origin", "sf.proc.tid", "thread.tid", "thread.ismain", "thread.vtid", "container.duration", "proc.duration",
		"proc.ppid.duration", "evt.category", "evt.res", "evt.rawres", "evt.failed", "evt.count.error", evtArg+"res", rawArg+"res", "evt.args", "evt.info")
	add(kinds(ofFlows), "sf.endts")
	add(kinds(ofCounters), "sf.flow.rbytes", "sf.flow.rops", "sf.flow.wbytes", "sf.flow.wops")
	add(kinds(1<<sysflow.KindK8sEvent), "sf.ke.kind", "sf.ke.action", "sf.ke.message")
	add(kinds(ofFile|ofNetwork), "sf.res")
	add(kinds(ofFile), "sf.file.type", "sf.file.oid")
	add(kinds(inNames), "sf.file.newoid", "evt.abspath.dst")
	add(kinds(inFiles), "sf.file.openflags", "sf.file.is_open_read", "sf.file.is_open_write")
	add(kinds(inFiles|ofNetwork), "sf.file.fd", "fd.uid", rawArg+"fd")
	add(kinds(ofNetwork), "sf.net.proto", "sf.net.sip", "sf.net.dip", "sf.net.ip", "sf.net.sport", "sf.net.dport", "sf.net.port", "sf.net.sockfamily")

	// An event has the file that it could not open, and a unix socket.
	add(&Domain{always: inFiles | ofNetwork, byOps: inNames, ops: sysflow.OpOpen | unixOps}, "fd.num", "fd.type", "fd.typechar", "fd.name", "fd.containername", "fd.sockfamily")
	add(&Domain{always: inFiles, byOps: inNames, ops: sysflow.OpOpen | unixOps}, "fd.directory", "fd.filename", "fd.containerdirectory")
	add(on(inNames, sysflow.OpOpen), "fd.nameraw")
	add(kinds(ofNetwork), "fd.l4proto", "fd.connected")
	for _, list := range [...][]*Def{falcoNet(), falcoNames()} {
		for _, d := range list {
			add(kinds(ofNetwork), d.Name)
		}
	}

	add(&Domain{byOps: ofAll, ops: sysflow.OpReadRecv | sysflow.OpWriteSend}, "evt.io_dir")
	add(&Domain{always: inNames, byOps: inFiles, ops: sysflow.OpOpen}, "evt.abspath", "evt.abspath.src")
	add(on(ofFile, onePathOps|sysflow.OpOpen), "fs.path.name")
	add(on(inNames, pairOps|sysflow.OpSymlink), "fs.path.source", "fs.path.target")

	add(kinds(ofEvents), "sf.args", evtArg+"uid", rawArg+"uid", evtArg+"mode", rawArg+"mode", evtArg+"addr")
	for _, a := range symbolArgs {
		add(kinds(ofEvents), evtArg+a[0])
	}
	for _, a := range numberArgs {
		add(kinds(ofEvents), evtArg+a[0], rawArg+a[0])
	}
	add(&Domain{always: ofEvents, byOps: inFiles, ops: sysflow.OpOpen}, evtArg+"flags")
	add(on(inFiles, sysflow.OpOpen), rawArg+"flags")
	add(on(inSockets, sysflow.OpConnect), evtArg+"tuple")
	path := func(name string, always, byOps kindSet, ops sysflow.OpFlags) {
		add(&Domain{always, byOps, ops}, evtArg+name)
		// An open that failed has the path as it was given, too.
		add(&Domain{always, byOps | inNames, ops | sysflow.OpOpen}, rawArg+name)
	}
	path("name", inCalls, ofFile, sysflow.OpOpen|sysflow.OpUnlink|sysflow.OpSetxattr)
	path("path", inCalls, inNames, onePathOps|sysflow.OpChown|sysflow.OpFtruncate|sysflow.OpMknod)
	path("pathname", 0, inNames, sysflow.OpChown|sysflow.OpSetxattr)
	path("oldpath", 0, inNames, pairOps)
	path("newpath", 0, inNames, pairOps)
	path("target", 0, inNames, sysflow.OpSymlink)
	path("linkpath", 0, inNames, sysflow.OpSymlink)
	path("filename", 0, inCalls|inNames, sysflow.OpChmod|sysflow.OpExec)
	return all
}
