package avro

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func (d *decoder) decodeNetworkFlow(steps []step) *sysflow.NetworkFlow {
	r := &d.networkFlow
	*r = sysflow.NetworkFlow{SIP: sysflow.IPv4FromInt32(0), DIP: sysflow.IPv4FromInt32(0)}
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
		case fieldEndTS:
			r.EndTS = d.long()
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
		case fieldFD:
			r.FD = d.int()
		case fieldNumRRecvOps:
			r.NumRRecvOps = d.long()
		case fieldNumWSendOps:
			r.NumWSendOps = d.long()
		case fieldNumRRecvBytes:
			r.NumRRecvBytes = d.long()
		case fieldNumWSendBytes:
			r.NumWSendBytes = d.long()
		case fieldOpFlags2:
			r.OpFlags |= d.opFlags() << 32
		case fieldOrigin:
			r.Origin = sysflow.Origin(d.int())
		case fieldSIP6:
			sip6 = d.ipv6()
		case fieldDIP6:
			dip6 = d.ipv6()
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

func (d *decoder) decodeFileFlow(steps []step) *sysflow.FileFlow {
	r := &d.fileFlow
	*r = sysflow.FileFlow{}
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
		case fieldOpenFlags:
			r.OpenFlags = sysflow.OpenFlags(d.int())
		case fieldEndTS:
			r.EndTS = d.long()
		case fieldFileOID:
			r.FileOID = d.foid()
		case fieldFD:
			r.FD = d.int()
		case fieldNumRRecvOps:
			r.NumRRecvOps = d.long()
		case fieldNumWSendOps:
			r.NumWSendOps = d.long()
		case fieldNumRRecvBytes:
			r.NumRRecvBytes = d.long()
		case fieldNumWSendBytes:
			r.NumWSendBytes = d.long()
		case fieldOpFlags2:
			r.OpFlags |= d.opFlags() << 32
		case fieldOrigin:
			r.Origin = sysflow.Origin(d.int())
		}
	}
	return r
}

func (d *decoder) decodeProcessFlow(steps []step) *sysflow.ProcessFlow {
	r := &d.processFlow
	*r = sysflow.ProcessFlow{}
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
		case fieldNumThreadsCloned:
			r.NumThreadsCloned = d.long()
		case fieldOpFlags:
			r.OpFlags |= d.opFlags()
		case fieldEndTS:
			r.EndTS = d.long()
		case fieldNumThreadsExited:
			r.NumThreadsExited = d.long()
		case fieldNumCloneErrors:
			r.NumCloneErrors = d.long()
		case fieldOpFlags2:
			r.OpFlags |= d.opFlags() << 32
		}
	}
	return r
}
