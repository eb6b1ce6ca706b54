package allod.architecture.s3_uses_rights.rights;

public interface Api {}
