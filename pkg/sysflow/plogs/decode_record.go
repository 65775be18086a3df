package plogs

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// events holds one event of each kind, to be reused.
type events struct {
	processEvent sysflow.ProcessEvent
	processFlow  sysflow.ProcessFlow
	fileEvent    sysflow.FileEvent
	fileFlow     sysflow.FileFlow
	networkEvent sysflow.NetworkEvent
	networkFlow  sysflow.NetworkFlow
	k8sEvent     sysflow.K8sEvent
	gap          sysflow.Gap
	newFileOID   sysflow.FOID
}

// observe decodes a record into d.obs.
func (d *Decoder) observe(it *item) {
	d.fields = newFields()
	d.each(it.record.Attributes(), d.fields.set)
	d.obs = Observation{Header: it.res.header}
	d.obs.Alert = d.alert(it)
	d.newTrace(it)
	ts := int64(it.record.Timestamp())

	switch it.kind {
	case sysflow.KindHeader:
		if d.obs.Header == nil {
			d.obs.Header = &sysflow.Header{} // nothing known, but a new trace
		}
		return
	case sysflow.KindPod:
		d.obs.Pod = d.describePod(it.res)
		return
	case sysflow.KindFile:
		d.obs.File, _ = d.file(&d.fields.file, "", ts)
		return
	case sysflow.KindK8sEvent, sysflow.KindGap:
		d.obs.Event = d.event(it, ts)
		return
	}
	d.obs.Pod = d.pod(it.res)
	if it.kind == sysflow.KindContainer {
		d.obs.Container = it.res.container
		return
	}
	if it.res.containerID != "" {
		d.obs.Container = it.res.container
	}
	d.obs.Process = it.res.process
	d.obs.Event = d.event(it, ts)
}

// newTrace forgets the files and pods of the previous trace when another one begins.
func (d *Decoder) newTrace(it *item) {
	if it.res.header == nil || it.kind != sysflow.KindHeader && d.header == *it.res.header {
		return
	}
	d.header = *it.res.header
	d.files.Clear()
	d.pods.Clear()
}

// event builds the event or flow of a record, nil for an entity.
func (d *Decoder) event(it *item, ts int64) sysflow.Record {
	f, oid := &d.fields, it.res.oid
	switch it.kind {
	case sysflow.KindProcessEvent:
		d.events.processEvent = sysflow.ProcessEvent{ProcOID: oid, TS: ts, TID: f.tid, OpFlags: f.opFlags, Args: f.args, Ret: f.ret}
		return &d.events.processEvent
	case sysflow.KindProcessFlow:
		d.events.processFlow = sysflow.ProcessFlow{
			ProcOID: oid, TS: ts, OpFlags: f.opFlags, EndTS: f.endTS,
			NumThreadsCloned: f.threadsCloned, NumThreadsExited: f.threadsExited, NumCloneErrors: f.threadsFailed,
		}
		return &d.events.processFlow
	case sysflow.KindFileEvent:
		return d.fileEvent(it, ts)
	case sysflow.KindFileFlow:
		var id sysflow.FOID
		d.obs.File, id = d.file(&f.file, it.res.containerID, ts)
		d.events.fileFlow = sysflow.FileFlow{
			ProcOID: oid, TS: ts, TID: f.tid, OpFlags: f.opFlags, OpenFlags: f.openFlags,
			EndTS: f.endTS, FileOID: id, FD: f.fd, Counters: f.counters, Origin: f.origin,
		}
		return &d.events.fileFlow
	case sysflow.KindNetworkEvent:
		d.events.networkEvent = sysflow.NetworkEvent{
			ProcOID: oid, TS: ts, TID: f.tid, OpFlags: f.opFlags,
			SIP: f.src, SPort: f.sport, DIP: f.dst, DPort: f.dport, Proto: f.protocol(), Ret: f.ret,
			FD: f.fd, Args: f.args, Origin: f.origin,
		}
		return &d.events.networkEvent
	case sysflow.KindNetworkFlow:
		d.events.networkFlow = sysflow.NetworkFlow{
			ProcOID: oid, TS: ts, TID: f.tid, OpFlags: f.opFlags, EndTS: f.endTS,
			SIP: f.src, SPort: f.sport, DIP: f.dst, DPort: f.dport, Proto: f.protocol(), FD: f.fd, Counters: f.counters,
			Origin: f.origin,
		}
		return &d.events.networkFlow
	case sysflow.KindK8sEvent:
		d.events.k8sEvent = sysflow.K8sEvent{ComponentKind: f.k8sKind, Action: f.k8sAction, TS: ts, Message: f.k8sMessage}
		return &d.events.k8sEvent
	case sysflow.KindGap:
		d.events.gap = sysflow.Gap{TS: ts, EndTS: f.endTS, Cause: f.gapCause, Count: f.gapCount}
		return &d.events.gap
	}
	return nil
}

func (d *Decoder) fileEvent(it *item, ts int64) sysflow.Record {
	f, e := &d.fields, &d.events.fileEvent
	*e = sysflow.FileEvent{ProcOID: it.res.oid, TS: ts, TID: f.tid, OpFlags: f.opFlags, Ret: f.ret, Args: f.args, Origin: f.origin}
	d.obs.File, e.FileOID = d.file(&f.file, it.res.containerID, ts)
	if f.newFile.described || f.newFile.hasOID {
		d.obs.NewFile, d.events.newFileOID = d.file(&f.newFile, it.res.containerID, ts)
		e.NewFileOID = &d.events.newFileOID
	}
	return e
}

// file returns the described file, nil if there is only an id, and its id. State and
// time come with the first record about a file and are remembered from there.
func (d *Decoder) file(f *fileFields, container string, ts int64) (*sysflow.File, sysflow.FOID) {
	if !f.described {
		return nil, f.oid
	}
	if f.hasContainer {
		container = f.container
	}
	key := fileKey{container, f.path, f.oid}
	if old, ok := d.files.Get(key); ok && !f.hasTS && old.Type == f.typ {
		return old, old.OID
	}
	file := &sysflow.File{State: f.state, OID: f.oid, TS: ts, Type: f.typ, Path: f.path, ContainerID: container}
	if f.hasTS {
		file.TS = f.ts
	}
	if !f.hasOID {
		file.OID = sysflow.NewFOID(container, f.path)
	}
	d.files.Put(key, file)
	return file, file.OID
}

// describePod puts a pod together from its resource and its own record, and remembers it.
func (d *Decoder) describePod(res *resource) *sysflow.Pod {
	pod := d.fields.pod
	pod.ID, pod.Name, pod.Namespace, pod.NodeName = res.pod.ID, res.pod.Name, res.pod.Namespace, res.pod.NodeName
	pod.Labels = res.pod.Labels
	d.pods.Put(pod.ID, &pod)
	return &pod
}

// pod returns the pod of a process: as its own record described it, or else as far
// as the resource does. An id alone describes nothing.
func (d *Decoder) pod(res *resource) *sysflow.Pod {
	if res.podID == "" {
		return nil
	}
	if p, ok := d.pods.Get(res.podID); ok {
		return p
	}
	if res.pod.Name == "" {
		return nil
	}
	return res.pod
}
