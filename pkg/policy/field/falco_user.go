package field

// falcoUser are the fields of user and group (sinsp_filtercheck_user.cpp, ..._group.cpp).
func falcoUser() []*Def {
	g := group{Falco, ScopeProcess}
	const (
		noAccount = "of accounts only id and name are recorded"
		noteLogin = "since version 6"
	)
	return []*Def{
		g.number("user.uid", "effective user id", numberOfProcess((*Process).uid)),
		g.text("user.name", "name of the user", ofProcess((*Process).userName)),
		g.number("group.gid", "effective group id", numberOfProcess((*Process).gid)),
		g.text("group.name", "name of the group", ofProcess((*Process).groupName)),
		g.unanswerable("user.homedir", "home directory of the user", noAccount, String),
		g.unanswerable("user.shell", "shell of the user", noAccount, String),
		g.number("user.loginuid", "id of the user who logged in, -1 if nobody did", numberOfProcess((*Process).loginUID)).note(noteLogin),
		g.text("user.loginname", "name of the user who logged in, `<NA>` if nobody did", ofProcess((*Process).loginName)).note(noteLogin),
		g.unanswerable("util.cnt", "a counter", "a record is judged by itself", Int),
	}
}
