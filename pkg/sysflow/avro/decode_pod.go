package avro

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func (d *decoder) decodePod(steps []step) *sysflow.Pod {
	r := &sysflow.Pod{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldTS:
			r.TS = d.long()
		case fieldID:
			r.ID = d.string()
		case fieldName:
			r.Name = d.string()
		case fieldNodeName:
			r.NodeName = d.string()
		case fieldHostIP:
			r.HostIP = d.longList(s.detail)
		case fieldInternalIP:
			r.InternalIP = d.longList(s.detail)
		case fieldNamespace:
			r.Namespace = d.string()
		case fieldRestartCount:
			r.RestartCount = d.long()
		case fieldLabels:
			r.Labels = d.stringMap(s.detail)
		case fieldSelectors:
			r.Selectors = d.stringMap(s.detail)
		case fieldServices:
			r.Services = records(d, s.detail.item, d.service)
		}
	}
	return r
}

func (d *decoder) service(steps []step) (r sysflow.Service) {
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldName:
			r.Name = d.string()
		case fieldID:
			r.ID = d.string()
		case fieldNamespace:
			r.Namespace = d.string()
		case fieldPortList:
			r.PortList = records(d, s.detail.item, d.port)
		case fieldClusterIP:
			r.ClusterIP = d.longList(s.detail)
		}
	}
	return r
}

func (d *decoder) port(steps []step) (r sysflow.Port) {
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldPort:
			r.Port = d.int()
		case fieldTargetPort:
			r.TargetPort = d.int()
		case fieldNodePort:
			r.NodePort = d.int()
		case fieldProto:
			r.Proto = d.string()
		}
	}
	return r
}

func (d *decoder) decodeK8sEvent(steps []step) *sysflow.K8sEvent {
	r := &d.k8sEvent
	*r = sysflow.K8sEvent{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldKind:
			r.ComponentKind = sysflow.K8sComponent(d.enum(s.detail, badEnum))
		case fieldAction:
			r.Action = sysflow.K8sAction(d.enum(s.detail, badEnum))
		case fieldTS:
			r.TS = d.long()
		case fieldMessage:
			r.Message = string(d.bytes())
		}
	}
	return r
}
