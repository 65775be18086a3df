package field

import (
	"net/netip"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// falcoNames are the names of addresses. Falco looks up the names that rules ask for; records
// know those of Kubernetes.
func falcoNames() []*Def {
	g := group{Falco, ScopeRecord}
	const note = "names are not looked up: known are Kubernetes' own API server, as the environment of pods gives its address, and services that select the pod"
	name := func(field, desc string, get func(*Record) netip.Addr) *Def {
		return g.texts(field, desc, func(to []string, r *Record) []string { return appendNames(to, r, get(r)) }).about(note)
	}
	client, server := ends()
	return []*Def{
		name("fd.cip.name", "domain name of the client", client),
		name("fd.sip.name", "domain name of the server", server),
		name("fd.lip.name", "domain name of this end", func(r *Record) netip.Addr { a, _ := r.end(true); return a }),
		name("fd.rip.name", "domain name of the other end", func(r *Record) netip.Addr { a, _ := r.end(false); return a }),
		{
			Name: "fd.name_changed", Desc: "whether the call changed the tuple of the socket", Language: Falco, Scope: ScopeShape, Type: Bool,
			Answer: Approximate, Note: "a flow has one tuple, every other one is another flow: true of those of sockets that are not connected, also as they go on",
			Get: func(r *Record, _ Arg, v *Value) {
				if v.Present = r.Kind == sysflow.KindNetworkFlow; v.Present && r.Proto != sysflow.ProtoTCP {
					v.Int = 1
				}
			},
		},
	}
}

// apiServer is the name by which pods know Kubernetes' API server; it has a service of its
// own in every cluster.
const apiServer = "kubernetes.default.svc.cluster.local"

func appendNames(to []string, r *Record, a netip.Addr) []string {
	if !a.IsValid() {
		return to
	}
	if isAPIServer(r.Process, a) {
		to = append(to, apiServer)
	}
	pod := r.pod()
	if pod == nil {
		return to
	}
	for i := range pod.Services {
		s := &pod.Services[i]
		for _, ip := range s.ClusterIP {
			if podAddress(ip) == a {
				to = append(to, s.Name+"."+s.Namespace+".svc.cluster.local")
			}
		}
	}
	return to
}

// isAPIServer compares with the address in the environment of p, or of an ancestor in the same
// container: programs may clear theirs.
func isAPIServer(p *Process, a netip.Addr) bool {
	if p == nil || p.ContainerID == "" {
		return false
	}
	for i, first := 0, p; p != nil && i < maxEnvAncestors && p.ContainerID == first.ContainerID; i, p = i+1, p.Parent {
		if text, ok := p.env("KUBERNETES_SERVICE_HOST"); ok {
			addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
			return err == nil && addr == a
		}
	}
	return false
}
