package avro

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func (d *decoder) decodeProcessEvent(steps []step) *sysflow.ProcessEvent {
	r := &d.processEvent
	*r = sysflow.ProcessEvent{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldProcOID:
			r.ProcOID = d.oid(s.detail)
		case fieldTS:
			r.TS = d.long()
		case fieldTID:
			r.TID = d.long()
		case fieldOpFlags:
			r.OpFlags = sysflow.OpFlags(uint32(d.int()))
		case fieldArgs:
			if args := d.stringList(s.detail, d.args[:0]); len(args) > 0 {
				r.Args, d.args = args, args
			}
		case fieldRet:
			r.Ret = d.int()
		}
	}
	return r
}

func (d *decoder) decodeFileEvent(steps []step) *sysflow.FileEvent {
	r := &d.fileEvent
	*r = sysflow.FileEvent{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldProcOID:
			r.ProcOID = d.oid(s.detail)
		case fieldTS:
			r.TS = d.long()
		case fieldTID:
			r.TID = d.long()
		case fieldOpFlags:
			r.OpFlags = sysflow.OpFlags(uint32(d.int()))
		case fieldFileOID:
			r.FileOID = d.foid()
		case fieldRet:
			r.Ret = d.int()
		case fieldNewFileOID:
			d.newFileOID = d.foid()
			r.NewFileOID = &d.newFileOID
		}
	}
	return r
}

func (d *decoder) decodeNetworkEvent(steps []step) *sysflow.NetworkEvent {
	r := &d.networkEvent
	*r = sysflow.NetworkEvent{SIP: sysflow.IPv4FromInt32(0), DIP: sysflow.IPv4FromInt32(0)}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldProcOID:
			r.ProcOID = d.oid(s.detail)
		case fieldTS:
			r.TS = d.long()
		case fieldTID:
			r.TID = d.long()
		case fieldOpFlags:
			r.OpFlags = sysflow.OpFlags(uint32(d.int()))
		case fieldSIP:
			r.SIP = sysflow.IPv4FromInt32(d.int())
		case fieldSPort:
			r.SPort = d.int()
		case fieldDIP:
			r.DIP = sysflow.IPv4FromInt32(d.int())
		case fieldDPort:
			r.DPort = d.int()
		case fieldProto:
			r.Proto = d.int()
		case fieldRet:
			r.Ret = d.int()
		}
	}
	return r
}
