struct event { int event; int class; int params; int this; int field; int value; };
struct file { int fd; };
struct record { struct file file; int string; };
struct object { int ToString; int GetHashCode; int object_; };
struct params { struct object *namespace; struct { int lock; } params; };
typedef struct { int async; } dynamic;
