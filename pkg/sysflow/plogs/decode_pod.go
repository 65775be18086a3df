package plogs

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// setPod takes over an attribute of a pod's own record.
func (f *fields) setPod(key string, v pcommon.Value) bool {
	switch key {
	case KeyPodTS:
		return asInt(v, &f.pod.TS)
	case KeyPodRestartCount:
		return asInt(v, &f.pod.RestartCount)
	case KeyPodHostIPs:
		return asIPv4s(v, &f.pod.HostIP)
	case KeyPodIPs:
		return asIPv4s(v, &f.pod.InternalIP)
	case KeyPodSelectors:
		selectors, ok := pairs(v)
		f.pod.Selectors = selectors
		return ok
	case KeyPodServices:
		return asList(v, &f.pod.Services, asService)
	}
	return true
}

// pairs converts a map of texts, or their exact bytes.
func pairs(v pcommon.Value) (map[string]string, bool) {
	if v.Type() != pcommon.ValueTypeMap {
		return rawPairs(v)
	}
	out := make(map[string]string, v.Map().Len())
	for k, e := range v.Map().All() {
		var text string
		if !asText(e, &text) {
			return nil, false
		}
		out[k] = text
	}
	return out, true
}

// rawPairs is the inverse of putRawPairs.
func rawPairs(v pcommon.Value) (map[string]string, bool) {
	var list []string
	if !asTexts(v, &list) || len(list)%2 != 0 {
		return nil, false
	}
	out := make(map[string]string, len(list)/2)
	for pair := range slices.Chunk(list, 2) {
		out[pair[0]] = pair[1]
	}
	return out, true
}

func asService(v pcommon.Value, to *sysflow.Service) bool {
	return asMap(v, func(key string, v pcommon.Value) bool {
		switch key {
		case "name":
			return asText(v, &to.Name)
		case "id":
			return asText(v, &to.ID)
		case "namespace":
			return asText(v, &to.Namespace)
		case "cluster_ips":
			return asIPv4s(v, &to.ClusterIP)
		case "ports":
			return asList(v, &to.PortList, asPort)
		}
		return true
	})
}

func asPort(v pcommon.Value, to *sysflow.Port) bool {
	return asMap(v, func(key string, v pcommon.Value) bool {
		switch key {
		case "port":
			return asInt(v, &to.Port)
		case "target_port":
			return asInt(v, &to.TargetPort)
		case "node_port":
			return asInt(v, &to.NodePort)
		case "protocol":
			return asText(v, &to.Proto)
		}
		return true
	})
}

// asMap hands the entries of a map to set and reports whether it took all of them.
func asMap(v pcommon.Value, set func(string, pcommon.Value) bool) bool {
	if v.Type() != pcommon.ValueTypeMap {
		return false
	}
	return setEach(v.Map(), set) == 0
}
