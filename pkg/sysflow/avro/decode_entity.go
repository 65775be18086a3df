package avro

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func (d *decoder) decodeHeader(steps []step) *sysflow.Header {
	r := &sysflow.Header{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldVersion:
			r.Version = d.long()
		case fieldExporter:
			r.Exporter = d.string()
		case fieldIP:
			r.IP = d.string()
		case fieldFilename:
			r.Filename = d.string()
		}
	}
	return r
}

func (d *decoder) decodeContainer(steps []step) *sysflow.Container {
	r := &sysflow.Container{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldID:
			r.ID = d.string()
		case fieldName:
			r.Name = d.string()
		case fieldImage:
			r.Image = d.string()
		case fieldImageID:
			r.ImageID = d.string()
		case fieldType:
			// upstream writes runtimes that the schema has no symbol for (podman)
			r.Type = sysflow.ContainerType(d.enum(s.detail, uint8(sysflow.ContainerCustom)))
		case fieldPrivileged:
			r.Privileged = d.bool()
		case fieldPodID:
			r.PodID = d.string()
		case fieldRuntime:
			r.Runtime = d.string()
		case fieldImageDigest:
			r.ImageDigest = d.string()
		case fieldLabels:
			r.Labels = d.stringMap(s.detail)
		case fieldMounts:
			r.Mounts = records(d, s.detail.item, d.mount)
		}
	}
	return r
}

func (d *decoder) decodeProcess(steps []step) *sysflow.Process {
	r := &sysflow.Process{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldState:
			r.State = sysflow.ObjectState(d.enum(s.detail, badEnum))
		case fieldOID:
			r.OID = d.oid(s.detail)
		case fieldPOID:
			oid := d.oid(s.detail)
			r.POID = &oid
		case fieldTS:
			r.TS = d.long()
		case fieldExe:
			r.Exe = d.string()
		case fieldExeArgs:
			r.ExeArgs = d.string()
		case fieldUID:
			r.UID = d.int()
		case fieldUserName:
			r.UserName = d.string()
		case fieldGID:
			r.GID = d.int()
		case fieldGroupName:
			r.GroupName = d.string()
		case fieldTTY:
			r.TTY = d.bool()
		case fieldContainerID:
			r.ContainerID = d.string()
		case fieldEntry:
			r.Entry = d.bool()
		case fieldCWD:
			r.CWD = d.string()
		case fieldEnv:
			r.Env = d.stringList(s.detail, nil)
		case fieldDetails:
			r.Details = d.details(s.detail.steps)
		}
	}
	return r
}

func (d *decoder) decodeFile(steps []step) *sysflow.File {
	r := &sysflow.File{}
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldState:
			r.State = sysflow.ObjectState(d.enum(s.detail, badEnum))
		case fieldOID:
			r.OID = d.foid()
		case fieldTS:
			r.TS = d.long()
		case fieldResType:
			r.Type = sysflow.FileType(d.int())
		case fieldPath:
			r.Path = string(d.bytes()) // paths seldom repeat within a file
		case fieldContainerID:
			r.ContainerID = d.string()
		}
	}
	return r
}
