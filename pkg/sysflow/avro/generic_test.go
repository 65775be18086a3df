package avro_test

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

type object = map[string]any

// generic returns what a generic Avro reader makes of an IPv4 record: the full name of
// the type and its fields. It is written down a second time here, from the
// schema, so that a slip in the encoder cannot hide.
func generic(rec sysflow.Record) (string, object) {
	switch r := rec.(type) {
	case *sysflow.Header:
		return "sysflow.entity.SFHeader", object{"version": r.Version, "exporter": r.Exporter, "ip": r.IP, "filename": r.Filename}
	case *sysflow.Container:
		return "sysflow.entity.Container", object{
			"id": r.ID, "name": r.Name, "image": r.Image, "imageid": r.ImageID, "type": r.Type.String(),
			"privileged": r.Privileged, "podId": optional(r.PodID),
		}
	case *sysflow.Process:
		return "sysflow.entity.Process", genericProcess(r)
	case *sysflow.File:
		return "sysflow.entity.File", object{
			"state": r.State.String(), "oid": [20]byte(r.OID), "ts": r.TS, "restype": int(r.Type),
			"path": r.Path, "containerId": optional(r.ContainerID),
		}
	case *sysflow.Pod:
		return "sysflow.entity.Pod", genericPod(r)
	case *sysflow.K8sEvent:
		return "sysflow.event.K8sEvent", object{
			"kind": r.ComponentKind.String(), "action": r.Action.String(), "ts": r.TS, "message": r.Message,
		}
	}
	return genericEvent(rec)
}

func genericEvent(rec sysflow.Record) (string, object) {
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		return "sysflow.event.ProcessEvent", object{
			"procOID": oid(r.ProcOID), "ts": r.TS, "tid": r.TID, "opFlags": int(int32(r.OpFlags)),
			"args": anySlice(r.Args), "ret": int(r.Ret),
		}
	case *sysflow.NetworkFlow:
		return "sysflow.flow.NetworkFlow", counters(r.Counters, object{
			"procOID": oid(r.ProcOID), "ts": r.TS, "tid": r.TID, "opFlags": int(int32(r.OpFlags)), "endTs": r.EndTS,
			"sip": ipv4(r.SIP), "sport": int(r.SPort), "dip": ipv4(r.DIP), "dport": int(r.DPort),
			"proto": int(r.Proto), "fd": int(r.FD),
		})
	case *sysflow.FileFlow:
		return "sysflow.flow.FileFlow", counters(r.Counters, object{
			"procOID": oid(r.ProcOID), "ts": r.TS, "tid": r.TID, "opFlags": int(int32(r.OpFlags)),
			"openFlags": int(r.OpenFlags), "endTs": r.EndTS, "fileOID": [20]byte(r.FileOID), "fd": int(r.FD),
		})
	case *sysflow.FileEvent:
		e := object{
			"procOID": oid(r.ProcOID), "ts": r.TS, "tid": r.TID, "opFlags": int(int32(r.OpFlags)),
			"fileOID": [20]byte(r.FileOID), "ret": int(r.Ret), "newFileOID": nil,
		}
		if r.NewFileOID != nil {
			e["newFileOID"] = object{"sysflow.type.FOID": [20]byte(*r.NewFileOID)}
		}
		return "sysflow.event.FileEvent", e
	case *sysflow.NetworkEvent:
		return "sysflow.event.NetworkEvent", object{
			"procOID": oid(r.ProcOID), "ts": r.TS, "tid": r.TID, "opFlags": int(int32(r.OpFlags)),
			"sip": ipv4(r.SIP), "sport": int(r.SPort), "dip": ipv4(r.DIP), "dport": int(r.DPort),
			"proto": int(r.Proto), "ret": int(r.Ret),
		}
	default:
		f := rec.(*sysflow.ProcessFlow)
		return "sysflow.flow.ProcessFlow", object{
			"procOID": oid(f.ProcOID), "ts": f.TS, "numThreadsCloned": f.NumThreadsCloned, "opFlags": int(int32(f.OpFlags)),
			"endTs": f.EndTS, "numThreadsExited": f.NumThreadsExited, "numCloneErrors": f.NumCloneErrors,
		}
	}
}

func genericProcess(r *sysflow.Process) object {
	p := object{
		"state": r.State.String(), "oid": oid(r.OID), "poid": nil, "ts": r.TS, "exe": r.Exe, "exeArgs": r.ExeArgs,
		"uid": int(r.UID), "userName": r.UserName, "gid": int(r.GID), "groupName": r.GroupName, "tty": r.TTY,
		"containerId": optional(r.ContainerID), "entry": r.Entry, "cwd": r.CWD, "env": anySlice(r.Env),
	}
	if r.POID != nil {
		p["poid"] = object{"sysflow.type.OID": oid(*r.POID)}
	}
	return p
}

func genericPod(r *sysflow.Pod) object {
	services := []any{}
	for _, s := range r.Services {
		ports := []any{}
		for _, p := range s.PortList {
			ports = append(ports, object{
				"port": int(p.Port), "targetPort": int(p.TargetPort), "nodePort": int(p.NodePort), "proto": p.Proto,
			})
		}
		services = append(services, object{
			"name": s.Name, "id": s.ID, "namespace": s.Namespace, "portList": ports, "clusterIP": anySlice(s.ClusterIP),
		})
	}
	return object{
		"ts": r.TS, "id": r.ID, "name": r.Name, "nodeName": r.NodeName, "hostIP": anySlice(r.HostIP),
		"internalIP": anySlice(r.InternalIP), "namespace": r.Namespace, "restartCount": r.RestartCount,
		"labels": anyMap(r.Labels), "selectors": anyMap(r.Selectors), "services": services,
	}
}

func oid(o sysflow.OID) object { return object{"createTS": o.CreateTS, "hpid": o.HPID} }

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// ipv4 is what SysFlow's int is: the octets in network order, read little-endian.
func ipv4(a netip.Addr) int {
	if a.Is6() {
		return 0
	}
	b := a.As4()
	return int(int32(b[3])<<24 | int32(b[2])<<16 | int32(b[1])<<8 | int32(b[0]))
}

func counters(c sysflow.Counters, o object) object {
	o["numRRecvOps"], o["numWSendOps"] = c.NumRRecvOps, c.NumWSendOps
	o["numRRecvBytes"], o["numWSendBytes"] = c.NumRRecvBytes, c.NumWSendBytes
	return o
}

func anySlice[T any](in []T) []any {
	out := []any{}
	for _, v := range in {
		out = append(out, v)
	}
	return out
}

func anyMap(in map[string]string) object {
	out := object{}
	for k, v := range in {
		out[k] = v
	}
	return out
}
