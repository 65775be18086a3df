package field

import (
	"maps"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// falcoK8s are the fields of the pod: those of the container plugin (k8s.*) and of the
// k8smeta plugin (k8smeta.*).
func falcoK8s() []*Def {
	g := group{Falco, ScopeProcess}
	name := ofPod(func(p *sysflow.Pod) string { return p.Name })
	id := ofPod(func(p *sysflow.Pod) string { return p.ID })
	namespace := ofPod(func(p *sysflow.Pod) string { return p.Namespace })
	list := []*Def{
		g.text("k8s.pod.id", "uid of the pod", id),
		g.text("k8s.pod.uid", "uid of the pod", id),
		g.text("k8smeta.pod.uid", "uid of the pod", id),
		g.unanswerable("k8s.pod.sandbox_id", "id of the pod's sandbox", "sandboxes are not recorded", String),
		g.unanswerable("k8s.pod.full_sandbox_id", "whole id of the pod's sandbox", "sandboxes are not recorded", String),
		g.unanswerable("k8s.pod.cni.json", "network of the pod as JSON", "of the pod's network only addresses are recorded", String),
	}
	for _, prefix := range []string{"k8s.", "k8smeta."} {
		list = append(list,
			g.text(prefix+"ns.name", "namespace of the pod", namespace),
			g.text(prefix+"pod.name", "name of the pod", name),
			g.keyed(prefix+"pod.label", "a label of the pod", func(r *Record, key string) (string, bool) {
				pod := r.pod()
				if pod == nil {
					return "", false
				}
				label, ok := pod.Labels[key]
				return label, ok
			}),
			g.built(prefix+"pod.labels", "labels of the pod: `key:value,key:value`", func(b []byte, r *Record) []byte {
				if pod := r.pod(); pod != nil {
					b = appendLabels(b, pod.Labels)
				}
				return b
			}),
			g.built(prefix+"pod.ip", "address of the pod", func(b []byte, r *Record) []byte {
				if pod := r.pod(); pod != nil && len(pod.InternalIP) > 0 {
					b = podAddress(pod.InternalIP[0]).AppendTo(b)
				}
				return b
			}))
	}
	return append(list, k8sUnanswerable(g)...)
}

func appendLabels(b []byte, labels map[string]string) []byte {
	for i, key := range slices.Sorted(maps.Keys(labels)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, key...), ':'), labels[key]...)
	}
	return b
}

func k8sUnanswerable(g group) []*Def {
	const why = "of Kubernetes only pods and the services that select them are recorded"
	var list []*Def
	add := func(name, desc string, multi bool, kind ArgKind) {
		d := g.unanswerable(name, desc, why, String).arg(kind)
		d.Multi, d.List = multi, multi
		list = append(list, d)
	}
	for _, owner := range [...]struct{ short, name string }{
		{"deployment", "deployment"}, {"rs", "replica set"}, {"rc", "replication controller"}, {"svc", "service"}, {"ns", "namespace"},
	} {
		several := owner.short == "svc"
		if owner.short != "ns" {
			add("k8s."+owner.short+".name", "name of the pod's "+owner.name, false, NoArg)
			add("k8smeta."+owner.short+".name", "name of the pod's "+owner.name, several, NoArg)
		}
		add("k8s."+owner.short+".id", "id of the pod's "+owner.name, false, NoArg)
		add("k8smeta."+owner.short+".uid", "uid of the pod's "+owner.name, several, NoArg)
		for _, prefix := range []string{"k8s.", "k8smeta."} {
			list := several && prefix == "k8smeta."
			add(prefix+owner.short+".label", "a label of the pod's "+owner.name, list, RequiredKey)
			add(prefix+owner.short+".labels", "labels of the pod's "+owner.name, list, NoArg)
		}
	}
	return list
}
