struct hidden;
typedef struct hidden hidden_t;
struct empty { };
struct marker { int value; struct empty mark; struct { } __empty; };
struct user { struct hidden *one; hidden_t **two; struct empty *three; struct user *next; };
