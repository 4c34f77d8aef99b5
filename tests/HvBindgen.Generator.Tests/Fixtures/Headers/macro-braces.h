#include <linux/ioctl.h>
#define SIZE sizeof(struct { int a; char b; })
#define SET_UNNAMED _IOW('X', 12, struct { int q; })
#define LIST { 1, 2 }
#define STATEMENT do { } while (0)
#define BLOCK ({ int a = 5; a; })
#define OPEN {
