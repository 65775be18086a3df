package avro

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

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
			r.OpFlags |= d.opFlags()
		case fieldArgs:
			r.Args = d.argList(s.detail)
		case fieldRet:
			r.Ret = d.int()
		case fieldOpFlags2:
			r.OpFlags |= d.opFlags() << 32
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
			r.OpFlags |= d.opFlags()
		case fieldFileOID:
			r.FileOID = d.foid()
		case fieldRet:
			r.Ret = d.int()
		case fieldNewFileOID:
			d.newFileOID = d.foid()
			r.NewFileOID = &d.newFileOID
		case fieldOpFlags2:
			r.OpFlags |= d.opFlags() << 32
		case fieldOrigin:
			r.Origin = sysflow.Origin(d.int())
		case fieldArgs:
			r.Args = d.argList(s.detail)
		}
	}
	return r
}

func (d *decoder) decodeNetworkEvent(steps []step) *sysflow.NetworkEvent {
	r := &d.networkEvent
	*r = sysflow.NetworkEvent{SIP: sysflow.IPv4FromInt32(0), DIP: sysflow.IPv4FromInt32(0), FD: sysflow.UnknownFD}
	var sip6, dip6 netip.Addr
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
			r.OpFlags |= d.opFlags()
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
		case fieldOpFlags2:
			r.OpFlags |= d.opFlags() << 32
		case fieldOrigin:
			r.Origin = sysflow.Origin(d.int())
		case fieldArgs:
			r.Args = d.argList(s.detail)
		case fieldSIP6:
			sip6 = d.ipv6()
		case fieldDIP6:
			dip6 = d.ipv6()
		case fieldFD:
			r.FD = d.int()
		}
	}
	if sip6.IsValid() {
		r.SIP = sip6
	}
	if dip6.IsValid() {
		r.DIP = dip6
	}
	return r
}

// opFlags reads one half of a set of operations.
func (d *decoder) opFlags() sysflow.OpFlags { return sysflow.OpFlags(uint32(d.int())) }

// argList reads a list that is valid until the next record.
func (d *decoder) argList(t *detail) []string {
	args := d.stringList(t, d.args[:0])
	if len(args) == 0 {
		return nil
	}
	d.args = args
	return args
}
