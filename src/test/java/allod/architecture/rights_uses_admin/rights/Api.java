package allod.architecture.rights_uses_admin.rights;

import allod.architecture.rights_uses_admin.admin.Socket;

public interface Api {
    Socket used();
}
