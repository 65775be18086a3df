package policytest

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// recordSpec is an event or flow, as written.
type recordSpec struct {
	at            *yaml.Node
	kind          *sysflow.Kind
	process       *yaml.Node
	ops           sysflow.OpFlags
	opNode        *yaml.Node
	when          *time.Duration
	duration      time.Duration
	tid           *int64
	ret           int32
	args          []string
	fd            int32
	file, newFile *string
	fileType      *sysflow.FileType
	openFlags     *sysflow.OpenFlags
	net           *tuple
	sysflow.Counters
	rops, wops *int64
	origin     sysflow.Origin
	k8s        k8sSpec
	given      map[string]*yaml.Node
	// wrong tells that a value could not be read.
	wrong bool
}

// k8sSpec is what KE records are about.
type k8sSpec struct {
	kind    sysflow.K8sComponent
	action  sysflow.K8sAction
	message string
}

// defaultFD is the first file descriptor that is not taken by the standard streams.
const defaultFD = 3

func (d *decoder) record(n *yaml.Node) recordSpec {
	r, before := recordSpec{at: n, fd: defaultFD}, len(d.findings)
	r.given = d.object(n, "a record", map[string]setter{
		"kind":       given(&r.kind, d.recordKind),
		"op":         func(n *yaml.Node) { r.opNode, r.ops = n, d.ops(n) },
		"process":    func(n *yaml.Node) { r.process = n },
		"at":         given(&r.when, d.duration),
		"duration":   into(&r.duration, d.duration),
		"tid":        given(&r.tid, number[int64](d, 64)),
		"ret":        into(&r.ret, number[int32](d, 32)),
		"args":       into(&r.args, d.texts),
		"fd":         into(&r.fd, number[int32](d, 32)),
		"file":       given(&r.file, d.text),
		"new_file":   given(&r.newFile, d.text),
		"type":       given(&r.fileType, d.fileType),
		"open_flags": given(&r.openFlags, d.openFlags),
		"net":        given(&r.net, d.net),
		"rbytes":     into(&r.NumRRecvBytes, number[int64](d, 64)),
		"wbytes":     into(&r.NumWSendBytes, number[int64](d, 64)),
		"rops":       given(&r.rops, number[int64](d, 64)),
		"wops":       given(&r.wops, number[int64](d, 64)),
		"origin":     into(&r.origin, d.origin),
		"k8s":        into(&r.k8s, d.k8s),
	})
	r.wrong = len(d.findings) > before
	return r
}

func (d *decoder) recordKind(n *yaml.Node) (sysflow.Kind, bool) {
	k, ok := sysflow.ParseKind(strings.ToUpper(n.Value))
	if !ok || k.IsEntity() || k == sysflow.KindGap {
		d.add(n, "PE, FE, NE, PF, FF, NF and KE are", "%q is no kind of records", n.Value)
		return 0, false
	}
	return k, true
}

func (d *decoder) ops(n *yaml.Node) sysflow.OpFlags {
	ops, err := sysflow.ParseOpFlags(n.Value)
	if err != nil || ops == 0 {
		d.add(n, "write names joined by |, like OPEN|READ|CLOSE", "op: %q is no set of operations", n.Value)
		return 0
	}
	return ops
}

func (d *decoder) origin(n *yaml.Node) (sysflow.Origin, bool) {
	origin, err := sysflow.ParseOrigin(n.Value)
	if err != nil {
		d.add(n, "syscall, io_uring and syscall|io_uring are", "%q is no origin of operations", n.Value)
	}
	return origin, err == nil
}

func (d *decoder) fileType(n *yaml.Node) (sysflow.FileType, bool) {
	const letters = "fdup46?"
	if len(n.Value) != 1 || !strings.Contains(letters, n.Value) {
		d.add(n, "f file, d directory, u unix socket, p pipe and ? unknown are", "%q is no type of files", n.Value)
		return 0, false
	}
	return sysflow.FileType(n.Value[0]), true
}

func (d *decoder) openFlags(n *yaml.Node) (sysflow.OpenFlags, bool) {
	flags, err := sysflow.ParseOpenFlags(n.Value)
	if err != nil {
		d.add(n, "write names joined by |, like RDWR|CREAT|TRUNC", "open_flags: %q are no open flags", n.Value)
	}
	return flags, err == nil
}

func (d *decoder) k8s(n *yaml.Node) (k8sSpec, bool) {
	s := k8sSpec{kind: sysflow.K8sUnknown, action: sysflow.K8sComponentUnknown}
	symbol := func(prefix, text string) string { return prefix + strings.TrimPrefix(strings.ToUpper(text), prefix) }
	d.object(n, "k8s", map[string]setter{
		"kind": func(n *yaml.Node) {
			var ok bool
			if s.kind, ok = sysflow.ParseK8sComponent(symbol("K8S_", n.Value)); !ok {
				d.add(n, "PODS, NODES, EVENTS and such are", "%q is no kind of Kubernetes objects", n.Value)
			}
		},
		"action": func(n *yaml.Node) {
			var ok bool
			if s.action, ok = sysflow.ParseK8sAction(symbol("K8S_COMPONENT_", n.Value)); !ok {
				d.add(n, "ADDED, MODIFIED, DELETED, ERROR, NONEXISTENT and UNKNOWN are", "%q is nothing that happens to Kubernetes objects", n.Value)
			}
		},
		"message": into(&s.message, d.text),
	})
	return s, true
}

// tuple is the two ends of a connection; the source began it. A socket that waits for others
// has the first only.
type tuple struct {
	at           *yaml.Node
	source, dest netip.AddrPort
	proto        int32
}

const netHint = `write "10.0.0.5:40000 -> 203.0.113.7:443/tcp", IPv6 addresses as [2001:db8::1]:443`

// net reads "10.0.0.5:40000 -> [2001:db8::7]:4444/tcp", or one end of that.
func (d *decoder) net(n *yaml.Node) (tuple, bool) {
	var t tuple
	ends, proto, found := strings.Cut(n.Value, "/")
	if !found {
		proto = "tcp"
	}
	number, known := sysflow.ParseProto(strings.ToLower(strings.TrimSpace(proto)))
	if !known {
		v, err := strconv.ParseUint(strings.TrimSpace(proto), 10, 8)
		if err != nil {
			d.add(n, "tcp, udp, icmp, raw or a number is", "net: %q is no protocol", proto)
			return t, false
		}
		number = int32(v)
	}
	source, dest, found := strings.Cut(ends, "->")
	a, okA := endpoint(source)
	if !found && okA {
		return tuple{at: n, source: a, proto: number}, true // checkOps knows whether that is enough
	}
	b, okB := endpoint(dest)
	if !found || !okA || !okB {
		d.add(n, netHint, "net: %q is no connection", n.Value)
		return t, false
	}
	return tuple{at: n, source: a, dest: b, proto: number}, true
}

// endpoint reads an address with or without a port.
func endpoint(text string) (netip.AddrPort, bool) {
	text = strings.TrimSpace(text)
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap, ap.Addr().Zone() == ""
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return netip.AddrPortFrom(addr, 0), err == nil && addr.Zone() == ""
}
