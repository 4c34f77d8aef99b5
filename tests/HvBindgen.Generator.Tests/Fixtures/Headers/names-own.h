#include <linux/ioctl.h>

/* Every name begins with the driver's, as most do. */
enum own_kind { OWN_FLAT, OWN_ROUND };
struct own_point_v1 { enum own_kind kind; int x; };
struct own_session { int owner; struct own_point_v1 token; };
#define OWN_LIMIT 7
#define OWN_3D 1
#define OWN_LONG ((int)sizeof(long))
#define OWN_GET _IOWR('o', 2, struct own_session)
