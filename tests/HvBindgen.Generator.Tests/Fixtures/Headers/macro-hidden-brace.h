#define LBRACE {
#define BEGIN LBRACE
#define BEFORE 1
#define PAREN (
#define OPENS PAREN
#define BETWEEN 2
#define NEIGHBOUR (BETWEEN + 1)
#define QUOTE "text"
#define LAST 4
