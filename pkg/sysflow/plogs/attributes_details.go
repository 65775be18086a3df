package plogs

// processDetails describes the attributes of sysflow.ProcessDetails, which version 6 brought.
func processDetails() []Attribute {
	return []Attribute{
		own(KeyComm, OnResource, Text, ofProcesses, "", "the name of the process's leader, at most 15 bytes; a process with details always has it, even if empty; since version 6, as all up to "+KeyNamespacePrefix),
		standard(KeyCommand, OnResource, Text, ofProcesses, "the first argument, which the program was called as"),
		own(KeyExeFlags, OnResource, Int, ofProcesses, "", "what is known of the executable file, as a set of bits: 1 the user may write to it, 2 it is in the upper layer of an overlay, 4 in a lower one, 8 it is in memory only"),
		own(KeyExeInode, OnResource, Int, ofProcesses, "", "the inode of the executable file"),
		own(KeyExeCTime, OnResource, Int, ofProcesses, "ns", "when the status of the executable file last changed, since the Unix epoch"),
		own(KeyExeMTime, OnResource, Int, ofProcesses, "ns", "when the content of the executable file last changed, since the Unix epoch"),
		own(KeyCapPermitted, OnResource, Int, ofProcesses, "", "the permitted capabilities, as a set of bits numbered as in capabilities(7)"),
		own(KeyCapEffective, OnResource, Int, ofProcesses, "", "the effective capabilities"),
		own(KeyCapInheritable, OnResource, Int, ofProcesses, "", "the inheritable capabilities"),
		standard(KeyRealUserID, OnResource, Int, ofProcesses, "the real user id"),
		standard(KeySavedUserID, OnResource, Int, ofProcesses, "the saved user id"),
		own(KeyRealGroupID, OnResource, Int, ofProcesses, "", "the real group id"),
		own(KeySavedGroupID, OnResource, Int, ofProcesses, "", "the saved group id"),
		own(KeyLoginUserID, OnResource, Int, ofProcesses, "", "the id of the user that logged in; absent for processes that no login started"),
		own(KeyLoginUserName, OnResource, Text, ofProcesses, "", "the user that logged in"),
		standard(KeySessionPID, OnResource, Int, ofProcesses, "the session, in the host's pid namespace"),
		standard(KeyGroupPID, OnResource, Int, ofProcesses, "the process group, in the host's pid namespace"),
		standard(KeyVPID, OnResource, Int, ofProcesses, "the process id in the process's own pid namespace"),
		own(KeyVSID, OnResource, Int, ofProcesses, "", "the session in the process's own pid namespace"),
		own(KeyVPGID, OnResource, Int, ofProcesses, "", "the process group in the process's own pid namespace"),
		{
			Key: KeyNamespacePrefix, Prefix: true, Place: OnResource, Type: Int, Kinds: ofProcesses,
			Meaning: "the inode numbers of the process's namespaces, one attribute each: cgroup, ipc, mnt, net, pid, user, uts",
		},
	}
}
