package field

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// structured lets a text that is JSON be asked for by a gjson path.
func (d *Def) structured() *Def {
	whole := d.Get
	d.Arg = JSONPath
	d.Get = func(r *Record, arg Arg, v *Value) {
		whole(r, arg, v)
		if arg.Given && v.Present {
			v.pick(v.Str, arg.Key)
		}
	}
	return d
}

// pick sets v to a part of a JSON text, as text.
func (v *Value) pick(json, path string) {
	found := gjson.Get(json, path)
	v.Str, v.Present = found.String(), found.Exists()
}

// podAddresses are addresses as texts, and with a path what it finds in their JSON list.
func (g group) podAddresses(name, desc string, get func(*sysflow.Pod) []int64) *Def {
	list := func(r *Record) []int64 {
		if p := r.pod(); p != nil {
			return get(p)
		}
		return nil
	}
	return g.addresses(name, desc, func(to []netip.Addr, r *Record) []netip.Addr {
		for _, a := range list(r) {
			to = append(to, podAddress(a))
		}
		return to
	}).pickedText(JSONPath, func(r *Record, arg Arg, v *Value) {
		v.Buf = appendAddresses(v.Buf[:0], list(r))
		v.pick(string(v.Buf), arg.Key)
	})
}

// pickedText is picked for a field whose parts are texts, whatever it is itself.
func (d *Def) pickedText(kind ArgKind, get func(*Record, Arg, *Value)) *Def {
	d.picked(kind, get)
	d.single.Type = String
	return d
}

// podAddress reads the four octets of an address of a pod, see sysflow.Pod.
func podAddress(a int64) netip.Addr {
	return sysflow.IPv4FromInt32(int32(a))
}

func appendAddresses(b []byte, list []int64) []byte {
	b = append(b, '[')
	for i, a := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(podAddress(a).AppendTo(append(b, '"')), '"')
	}
	return append(b, ']')
}

// appendServices writes the JSON that sf-processor documents, with the commas that it forgets.
func appendServices(b []byte, services []sysflow.Service) []byte {
	b = append(b, '[')
	for i := range services {
		s := &services[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMember(append(b, '{'), "id", s.ID)
		b = appendMember(append(b, ','), "name", s.Name)
		b = appendMember(append(b, ','), "namespace", s.Namespace)
		b = appendAddresses(append(b, `,"clusterip":`...), s.ClusterIP)
		b = append(b, `,"ports":[`...)
		for j, p := range s.PortList {
			if j > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(append(b, `{"port":`...), int64(p.Port), 10)
			b = strconv.AppendInt(append(b, `,"targetport":`...), int64(p.TargetPort), 10)
			b = strconv.AppendInt(append(b, `,"nodeport":`...), int64(p.NodePort), 10)
			b = append(appendMember(append(b, ','), "proto", p.Proto), '}')
		}
		b = append(b, "]}"...)
	}
	return append(b, ']')
}

// appendObject writes texts by their keys.
func appendObject(b []byte, texts map[string]string) []byte {
	b = append(b, '{')
	for i, key := range slices.Sorted(maps.Keys(texts)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = gjson.AppendJSONString(append(gjson.AppendJSONString(b, key), ':'), texts[key])
	}
	return append(b, '}')
}

func appendMounts(b []byte, mounts []sysflow.Mount) []byte {
	b = append(b, '[')
	for i := range mounts {
		m := &mounts[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMember(append(b, '{'), "source", m.Source)
		b = appendMember(append(b, ','), "destination", m.Destination)
		b = appendMember(append(b, ','), "mode", m.Mode)
		b = strconv.AppendBool(append(b, `,"rw":`...), m.RW)
		b = append(appendMember(append(b, ','), "propagation", m.Propagation), '}')
	}
	return append(b, ']')
}

func appendMember(b []byte, name, value string) []byte {
	b = append(append(append(b, '"'), name...), `":`...)
	return gjson.AppendJSONString(b, value)
}
