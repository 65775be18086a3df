package fields

import (
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/jsontext"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func podFields() []Field {
	return scoped([]Field{
		{Name: "pod.id", Title: "Pod Id", Width: 12, Help: "pod id", Get: ofPod(func(_ *Row, p *sysflow.Pod) Value { return stringValue(p.ID) }, Empty)},
		{Name: "pod.name", Title: "Pod Name", Width: 30, Help: "pod name", Get: ofPod(func(_ *Row, p *sysflow.Pod) Value { return stringValue(p.Name) }, Empty)},
		{Name: "pod.nname", Title: "Pod Node Name", Width: 13, Help: "name of the pod's node", Get: ofPod(func(_ *Row, p *sysflow.Pod) Value { return stringValue(p.NodeName) }, Empty)},
		{Name: "pod.hostip", Title: "Pod Host IP", Width: 18, Help: "addresses of the pod's node", Get: ofPod(getHostIP, Empty)},
		{Name: "pod.internalip", Title: "Pod Intern IP", Width: 18, Help: "addresses of the pod", Get: ofPod(getInternalIP, Empty)},
		{Name: "pod.ns", Title: "Pod Namespace", Width: 13, Help: "namespace of the pod", Get: ofPod(func(_ *Row, p *sysflow.Pod) Value { return stringValue(p.Namespace) }, Empty)},
		{Name: "pod.rstrtcnt", Title: "Rstrt Cnt", Width: 9, Help: "restarts of the pod", Get: ofPod(func(_ *Row, p *sysflow.Pod) Value { return intValue(p.RestartCount) }, Null)},
		{Name: "pod.services", Title: "Pod Services", Width: 100, Help: "services that select the pod", Get: ofPod(getServices, Empty)},
	})
}

func ofPod(get func(*Row, *sysflow.Pod) Value, missing Kind) func(*Row) Value {
	return func(r *Row) Value {
		if r.Pod == nil {
			return Value{Kind: missing}
		}
		return get(r, r.Pod)
	}
}

func getHostIP(r *Row, p *sysflow.Pod) Value {
	r.scratch = appendIPs(r.scratch[:0], p.HostIP)
	return Value{Kind: JSON, Raw: r.scratch}
}

func getInternalIP(r *Row, p *sysflow.Pod) Value {
	r.scratch = appendIPs(r.scratch[:0], p.InternalIP)
	return Value{Kind: JSON, Raw: r.scratch}
}

func getServices(r *Row, p *sysflow.Pod) Value {
	r.scratch = append(r.scratch[:0], '[')
	for i := range p.Services {
		if i > 0 {
			r.scratch = append(r.scratch, ',')
		}
		r.scratch = appendService(r.scratch, &p.Services[i])
	}
	r.scratch = append(r.scratch, ']')
	return Value{Kind: JSON, Raw: r.scratch}
}

func appendService(dst []byte, s *sysflow.Service) []byte {
	dst = jsontext.AppendString(append(dst, `{"name":`...), s.Name)
	dst = jsontext.AppendString(append(dst, `,"id":`...), s.ID)
	dst = jsontext.AppendString(append(dst, `,"namespace":`...), s.Namespace)
	dst = append(dst, `,"portList":[`...)
	for i, p := range s.PortList {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, `{"port":`...), int64(p.Port), 10)
		dst = strconv.AppendInt(append(dst, `,"targetPort":`...), int64(p.TargetPort), 10)
		dst = strconv.AppendInt(append(dst, `,"nodePort":`...), int64(p.NodePort), 10)
		dst = append(jsontext.AppendString(append(dst, `,"proto":`...), p.Proto), '}')
	}
	dst = append(dst, `],"clusterIP":`...)
	return append(appendIPs(dst, s.ClusterIP), '}')
}

// appendIPs appends a list of addresses as JSON. They are octets in network
// order, read as a little-endian number.
func appendIPs(dst []byte, ips []int64) []byte {
	dst = append(dst, '[')
	for i, ip := range ips {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = sysflow.IPv4FromInt32(int32(ip)).AppendTo(dst) // the low 32 bits
		dst = append(dst, '"')
	}
	return append(dst, ']')
}
