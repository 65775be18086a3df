package avro

// SchemaV5 is the schema of version 5, character for character as upstream's
// collector writes it (its Avro library prints no logical types). The order of the union
// is the wire format: it must never change.
const SchemaV5 = schemaStart +
	headerFields + recordNext +
	containerFields + recordNext +
	processFields + recordNext +
	fileFields + recordNext +
	processEventFields + recordNext +
	networkFlowFields + recordNext +
	fileFlowFields + recordNext +
	fileEventFields + recordNext +
	networkEventFields + recordNext +
	processFlowFields + recordNext +
	podFields + recordNext +
	k8sEventFields + recordEnd +
	schemaEnd

// SchemaV6 is SchemaV5 with fields appended to some of the records, each of them with a default
// and of a type that is new or plain, so that a reader of version 5 resolves what was written
// with it: it passes over these fields. Enums and the union have no more symbols and branches than
// in version 5, as such a reader could not take them.
const SchemaV6 = schemaStart +
	headerFields + recordNext +
	containerFields + containerFieldsV6 + recordNext +
	processFields + processFieldsV6 + recordNext +
	fileFields + recordNext +
	processEventFields + processEventFieldsV6 + recordNext +
	networkFlowFields + networkFlowFieldsV6 + recordNext +
	fileFlowFields + fileFlowFieldsV6 + recordNext +
	fileEventFields + fileEventFieldsV6 + recordNext +
	networkEventFields + networkEventFieldsV6 + recordNext +
	processFlowFields + processFlowFieldsV6 + recordNext +
	podFields + recordNext +
	k8sEventFields + recordEnd +
	schemaEnd

const (
	schemaStart = `{"type":"record","namespace":"sysflow","name":"SysFlow","fields":[{"name":"rec","type":[`
	recordNext  = `]},`
	recordEnd   = `]}`
	schemaEnd   = `]}]}`
)

// The records of version 5, each up to its last field.
const (
	headerFields = `{"type":"record","namespace":"sysflow.entity","name":"SFHeader","fields":[` +
		`{"name":"version","type":"long","default":5},{"name":"exporter","type":"string"},` +
		`{"name":"ip","type":"string","default":"NA"},{"name":"filename","type":"string"}`
	containerFields = `{"type":"record","namespace":"sysflow.entity","name":"Container","fields":[` +
		`{"name":"id","type":"string"},{"name":"name","type":"string"},{"name":"image","type":"string"},` +
		`{"name":"imageid","type":"string"},` +
		`{"name":"type","type":{"type":"enum","namespace":"sysflow.type","name":"ContainerType","symbols":["CT_DOCKER","CT_LXC","CT_LIBVIRT_LXC","CT_MESOS","CT_RKT","CT_CUSTOM","CT_CRI","CT_CONTAINERD","CT_CRIO","CT_BPM"]}},` +
		`{"name":"privileged","type":"boolean"},{"name":"podId","type":["null","string"]}`
	processFields = `{"type":"record","namespace":"sysflow.entity","name":"Process","fields":[` +
		`{"name":"state","type":{"type":"enum","namespace":"sysflow.type","name":"SFObjectState","symbols":["CREATED","MODIFIED","REUP"]}},` +
		`{"name":"oid","type":{"type":"record","namespace":"sysflow.type","name":"OID","fields":[{"name":"createTS","type":"long"},{"name":"hpid","type":"long"}]}},` +
		`{"name":"poid","type":["null","sysflow.type.OID"]},{"name":"ts","type":"long"},` +
		`{"name":"exe","type":"string"},{"name":"exeArgs","type":"string"},{"name":"uid","type":"int"},` +
		`{"name":"userName","type":"string"},{"name":"gid","type":"int"},` +
		`{"name":"groupName","type":"string"},{"name":"tty","type":"boolean"},` +
		`{"name":"containerId","type":["null","string"]},{"name":"entry","type":"boolean","default":false},` +
		`{"name":"cwd","type":"string"},{"name":"env","type":{"type":"array","items":"string"}}`
	fileFields = `{"type":"record","namespace":"sysflow.entity","name":"File","fields":[` +
		`{"name":"state","type":"sysflow.type.SFObjectState"},` +
		`{"name":"oid","type":{"type":"fixed","namespace":"sysflow.type","name":"FOID","size":20}},` +
		`{"name":"ts","type":"long"},{"name":"restype","type":"int"},{"name":"path","type":"string"},` +
		`{"name":"containerId","type":["null","string"]}`
	processEventFields = `{"type":"record","namespace":"sysflow.event","name":"ProcessEvent","fields":[` +
		`{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},` +
		`{"name":"tid","type":"long"},{"name":"opFlags","type":"int"},` +
		`{"name":"args","type":{"type":"array","items":"string"}},{"name":"ret","type":"int"}`
	networkFlowFields = `{"type":"record","namespace":"sysflow.flow","name":"NetworkFlow","fields":[` +
		`{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},` +
		`{"name":"tid","type":"long"},{"name":"opFlags","type":"int"},{"name":"endTs","type":"long"},` +
		`{"name":"sip","type":"int"},{"name":"sport","type":"int"},{"name":"dip","type":"int"},` +
		`{"name":"dport","type":"int"},{"name":"proto","type":"int"},{"name":"fd","type":"int"},` +
		`{"name":"numRRecvOps","type":"long"},{"name":"numWSendOps","type":"long"},` +
		`{"name":"numRRecvBytes","type":"long"},{"name":"numWSendBytes","type":"long"}`
	fileFlowFields = `{"type":"record","namespace":"sysflow.flow","name":"FileFlow","fields":[` +
		`{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},` +
		`{"name":"tid","type":"long"},{"name":"opFlags","type":"int"},{"name":"openFlags","type":"int"},` +
		`{"name":"endTs","type":"long"},{"name":"fileOID","type":"sysflow.type.FOID"},` +
		`{"name":"fd","type":"int"},{"name":"numRRecvOps","type":"long"},` +
		`{"name":"numWSendOps","type":"long"},{"name":"numRRecvBytes","type":"long"},` +
		`{"name":"numWSendBytes","type":"long"}`
	fileEventFields = `{"type":"record","namespace":"sysflow.event","name":"FileEvent","fields":[` +
		`{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},` +
		`{"name":"tid","type":"long"},{"name":"opFlags","type":"int"},` +
		`{"name":"fileOID","type":"sysflow.type.FOID"},{"name":"ret","type":"int"},` +
		`{"name":"newFileOID","type":["null","sysflow.type.FOID"]}`
	networkEventFields = `{"type":"record","namespace":"sysflow.event","name":"NetworkEvent","fields":[` +
		`{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},` +
		`{"name":"tid","type":"long"},{"name":"opFlags","type":"int"},{"name":"sip","type":"int"},` +
		`{"name":"sport","type":"int"},{"name":"dip","type":"int"},{"name":"dport","type":"int"},` +
		`{"name":"proto","type":"int"},{"name":"ret","type":"int"}`
	processFlowFields = `{"type":"record","namespace":"sysflow.flow","name":"ProcessFlow","fields":[` +
		`{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},` +
		`{"name":"numThreadsCloned","type":"long"},{"name":"opFlags","type":"int"},` +
		`{"name":"endTs","type":"long"},{"name":"numThreadsExited","type":"long"},` +
		`{"name":"numCloneErrors","type":"long"}`
	podFields = `{"type":"record","namespace":"sysflow.entity","name":"Pod","fields":[` +
		`{"name":"ts","type":"long"},{"name":"id","type":"string"},{"name":"name","type":"string"},` +
		`{"name":"nodeName","type":"string"},{"name":"hostIP","type":{"type":"array","items":"long"}},` +
		`{"name":"internalIP","type":{"type":"array","items":"long"}},{"name":"namespace","type":"string"},` +
		`{"name":"restartCount","type":"long"},{"name":"labels","type":{"type":"map","values":"string"}},` +
		`{"name":"selectors","type":{"type":"map","values":"string"}},` +
		`{"name":"services","type":{"type":"array","items":{"type":"record","namespace":"sysflow.entity","name":"Service","fields":[{"name":"name","type":"string"},{"name":"id","type":"string"},{"name":"namespace","type":"string"},{"name":"portList","type":{"type":"array","items":{"type":"record","namespace":"sysflow.entity","name":"Port","fields":[{"name":"port","type":"int"},{"name":"targetPort","type":"int"},{"name":"nodePort","type":"int"},{"name":"proto","type":"string"}]}}},{"name":"clusterIP","type":{"type":"array","items":"long"}}]}}}`
	k8sEventFields = `{"type":"record","namespace":"sysflow.event","name":"K8sEvent","fields":[` +
		`{"name":"kind","type":{"type":"enum","namespace":"sysflow.type","name":"K8sComponent","symbols":["K8S_NODES","K8S_NAMESPACES","K8S_PODS","K8S_REPLICATIONCONTROLLERS","K8S_SERVICES","K8S_EVENTS","K8S_REPLICASETS","K8S_DAEMONSETS","K8S_DEPLOYMENTS","K8S_UNKNOWN"]}},` +
		`{"name":"action","type":{"type":"enum","namespace":"sysflow.type","name":"K8sAction","symbols":["K8S_COMPONENT_ADDED","K8S_COMPONENT_MODIFIED","K8S_COMPONENT_DELETED","K8S_COMPONENT_ERROR","K8S_COMPONENT_NONEXISTENT","K8S_COMPONENT_UNKNOWN"]}},` +
		`{"name":"ts","type":"long"},{"name":"message","type":"string"}`
)

// What version 6 appends to them.
const (
	containerFieldsV6 = `,{"name":"runtime","type":"string","default":""},` +
		`{"name":"imageDigest","type":"string","default":""},` +
		`{"name":"labels","type":{"type":"map","values":"string"},"default":{}},` +
		`{"name":"mounts","type":{"type":"array","items":{"type":"record","namespace":"sysflow.entity","name":"Mount","fields":[` +
		`{"name":"source","type":"string"},{"name":"destination","type":"string"},{"name":"mode","type":"string"},` +
		`{"name":"rw","type":"boolean"},{"name":"propagation","type":"string"}]}},"default":[]}`
	processFieldsV6 = `,{"name":"details","type":["null",{"type":"record","namespace":"sysflow.entity","name":"ProcessDetails","fields":[` +
		`{"name":"comm","type":"string"},{"name":"argv0","type":"string"},` +
		`{"name":"exeFlags","type":"int"},{"name":"exeIno","type":"long"},` +
		`{"name":"exeCtime","type":"long"},{"name":"exeMtime","type":"long"},` +
		`{"name":"capPermitted","type":"long"},{"name":"capEffective","type":"long"},{"name":"capInheritable","type":"long"},` +
		`{"name":"realUid","type":"int"},{"name":"savedUid","type":"int"},` +
		`{"name":"realGid","type":"int"},{"name":"savedGid","type":"int"},` +
		`{"name":"loginUid","type":"int"},{"name":"loginUser","type":"string"},` +
		`{"name":"sid","type":"int"},{"name":"pgid","type":"int"},` +
		`{"name":"vpid","type":"int"},{"name":"vsid","type":"int"},{"name":"vpgid","type":"int"},` +
		`{"name":"cgroupNs","type":"long"},{"name":"ipcNs","type":"long"},{"name":"mntNs","type":"long"},` +
		`{"name":"netNs","type":"long"},{"name":"pidNs","type":"long"},{"name":"userNs","type":"long"},` +
		`{"name":"utsNs","type":"long"}]}],"default":null}`
	processEventFieldsV6 = opFlagsV6
	networkFlowFieldsV6  = opFlagsV6 + originV6 +
		`,{"name":"sip6","type":["null",{"type":"fixed","namespace":"sysflow.type","name":"IPv6","size":16}],"default":null},` +
		`{"name":"dip6","type":["null","sysflow.type.IPv6"],"default":null}`
	fileFlowFieldsV6     = opFlagsV6 + originV6
	fileEventFieldsV6    = opFlagsV6 + originV6 + argsV6
	networkEventFieldsV6 = opFlagsV6 + originV6 + argsV6 +
		`,{"name":"sip6","type":["null","sysflow.type.IPv6"],"default":null},` +
		`{"name":"dip6","type":["null","sysflow.type.IPv6"],"default":null},` +
		`{"name":"fd","type":"int","default":-1}`
	processFlowFieldsV6 = opFlagsV6

	// opFlagsV6 are the operations from 1<<32 on.
	opFlagsV6 = `,{"name":"opFlags2","type":"int","default":0}`
	originV6  = `,{"name":"origin","type":"int","default":0}`
	argsV6    = `,{"name":"args","type":{"type":"array","items":"string"},"default":[]}`
)
