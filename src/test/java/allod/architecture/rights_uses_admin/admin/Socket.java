package allod.architecture.rights_uses_admin.admin;

public interface Socket {}
