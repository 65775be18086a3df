package avro

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func appendHeader(b []byte, r *sysflow.Header) []byte {
	b = appendLong(b, r.Version)
	b = appendString(b, r.Exporter)
	b = appendString(b, r.IP)
	return appendString(b, r.Filename)
}

func appendContainer(b []byte, r *sysflow.Container) []byte {
	b = appendString(b, r.ID)
	b = appendString(b, r.Name)
	b = appendString(b, r.Image)
	b = appendString(b, r.ImageID)
	t := r.Type
	if t > sysflow.ContainerBPM {
		t = sysflow.ContainerCustom
	}
	b = appendLong(b, int64(t))
	b = appendBool(b, r.Privileged)
	return appendOptional(b, r.PodID)
}

func appendProcess(b []byte, r *sysflow.Process) []byte {
	b = appendLong(b, int64(r.State))
	b = appendOID(b, r.OID)
	if r.POID == nil {
		b = append(b, branchNull)
	} else {
		b = appendOID(append(b, branchValue), *r.POID)
	}
	b = appendLong(b, r.TS)
	b = appendString(b, r.Exe)
	b = appendString(b, r.ExeArgs)
	b = appendInt(b, r.UID)
	b = appendString(b, r.UserName)
	b = appendInt(b, r.GID)
	b = appendString(b, r.GroupName)
	b = appendBool(b, r.TTY)
	b = appendOptional(b, r.ContainerID)
	b = appendBool(b, r.Entry)
	b = appendString(b, r.CWD)
	return appendStrings(b, r.Env)
}

func appendFile(b []byte, r *sysflow.File) []byte {
	b = appendLong(b, int64(r.State))
	b = append(b, r.OID[:]...)
	b = appendLong(b, r.TS)
	b = appendInt(b, int32(r.Type))
	b = appendString(b, r.Path)
	return appendOptional(b, r.ContainerID)
}

func appendProcessEvent(b []byte, r *sysflow.ProcessEvent) []byte {
	b = appendOID(b, r.ProcOID)
	b = appendLong(b, r.TS)
	b = appendLong(b, r.TID)
	b = appendInt(b, int32(r.OpFlags))
	b = appendStrings(b, r.Args)
	return appendInt(b, r.Ret)
}

func appendNetworkFlow(b []byte, r *sysflow.NetworkFlow) []byte {
	b = appendOID(b, r.ProcOID)
	b = appendLong(b, r.TS)
	b = appendLong(b, r.TID)
	b = appendInt(b, int32(r.OpFlags))
	b = appendLong(b, r.EndTS)
	b = appendIPv4(b, r.SIP)
	b = appendInt(b, r.SPort)
	b = appendIPv4(b, r.DIP)
	b = appendInt(b, r.DPort)
	b = appendInt(b, r.Proto)
	b = appendInt(b, r.FD)
	return appendCounters(b, &r.Counters)
}

// appendIPv4 writes 0 for an invalid address.
func appendIPv4(b []byte, a netip.Addr) []byte {
	v, _ := sysflow.IPv4ToInt32(a)
	return appendInt(b, v)
}

func appendCounters(b []byte, c *sysflow.Counters) []byte {
	b = appendLong(b, c.NumRRecvOps)
	b = appendLong(b, c.NumWSendOps)
	b = appendLong(b, c.NumRRecvBytes)
	return appendLong(b, c.NumWSendBytes)
}

func appendFileFlow(b []byte, r *sysflow.FileFlow) []byte {
	b = appendOID(b, r.ProcOID)
	b = appendLong(b, r.TS)
	b = appendLong(b, r.TID)
	b = appendInt(b, int32(r.OpFlags))
	b = appendInt(b, int32(r.OpenFlags))
	b = appendLong(b, r.EndTS)
	b = append(b, r.FileOID[:]...)
	b = appendInt(b, r.FD)
	return appendCounters(b, &r.Counters)
}

func appendFileEvent(b []byte, r *sysflow.FileEvent) []byte {
	b = appendOID(b, r.ProcOID)
	b = appendLong(b, r.TS)
	b = appendLong(b, r.TID)
	b = appendInt(b, int32(r.OpFlags))
	b = append(b, r.FileOID[:]...)
	b = appendInt(b, r.Ret)
	if r.NewFileOID == nil {
		return append(b, branchNull)
	}
	b = append(b, branchValue)
	return append(b, r.NewFileOID[:]...)
}

func appendNetworkEvent(b []byte, r *sysflow.NetworkEvent) []byte {
	b = appendOID(b, r.ProcOID)
	b = appendLong(b, r.TS)
	b = appendLong(b, r.TID)
	b = appendInt(b, int32(r.OpFlags))
	b = appendIPv4(b, r.SIP)
	b = appendInt(b, r.SPort)
	b = appendIPv4(b, r.DIP)
	b = appendInt(b, r.DPort)
	b = appendInt(b, r.Proto)
	return appendInt(b, r.Ret)
}

func appendProcessFlow(b []byte, r *sysflow.ProcessFlow) []byte {
	b = appendOID(b, r.ProcOID)
	b = appendLong(b, r.TS)
	b = appendLong(b, r.NumThreadsCloned)
	b = appendInt(b, int32(r.OpFlags))
	b = appendLong(b, r.EndTS)
	b = appendLong(b, r.NumThreadsExited)
	return appendLong(b, r.NumCloneErrors)
}

func appendPod(b []byte, r *sysflow.Pod) []byte {
	b = appendLong(b, r.TS)
	b = appendString(b, r.ID)
	b = appendString(b, r.Name)
	b = appendString(b, r.NodeName)
	b = appendLongs(b, r.HostIP)
	b = appendLongs(b, r.InternalIP)
	b = appendString(b, r.Namespace)
	b = appendLong(b, r.RestartCount)
	b = appendMap(b, r.Labels)
	b = appendMap(b, r.Selectors)
	return appendServices(b, r.Services)
}

func appendK8sEvent(b []byte, r *sysflow.K8sEvent) []byte {
	kind, action := min(r.ComponentKind, sysflow.K8sUnknown), min(r.Action, sysflow.K8sComponentUnknown)
	b = appendLong(b, int64(kind))
	b = appendLong(b, int64(action))
	b = appendLong(b, r.TS)
	return appendString(b, r.Message)
}
