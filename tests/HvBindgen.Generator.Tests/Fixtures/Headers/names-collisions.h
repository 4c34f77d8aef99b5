#include <linux/ioctl.h>

/* What C# keeps for itself, and what generated code has beside the members. */
enum state { value__, other__, Equals, ToString, GetHashCode };
struct properties { int get_on; int set_on; unsigned on : 1; unsigned off : 2; int get_other; };
struct made {
	unsigned low : 3;
	int bits_0_1;
	int bits_0_4;
	int AllocationSize;
	int rows_offset;
	struct { int a; } inner;
	int inner_t;
	int rows[];
};
struct aligned_64 { int AlignmentBytes; int get_AlignmentBytes; } __attribute__((aligned(64)));
struct every { int ToString; int Equals; int GetHashCode; int GetType; int MemberwiseClone; int Finalize; int ReferenceEquals; int every; };
struct uses { int System; unsigned BitField : 3; int MemoryMarshal; int BigEndianBits; int items[]; };

/* Types called as what generated code uses. */
struct System { int x; };
struct LayoutKind { char c; int d; };
struct BitField { int a : 3; };
struct LayoutTable { int x; };
struct LayoutCheck { int x; };
struct AbiLayout { int x; };
struct Fixture { int x; };
struct Constants { int x; };
struct Fd { int x; };
struct IoctlResult { int x; };
struct FdIoctls { int x; };
struct StructLayout { int a; char b; };
struct FieldOffset { int a; };
struct MemoryMarshal { int n; int d[]; };
struct Array4 { int x[4]; };
struct Span { int x; };
struct _ { int _; int __; };
struct check { int check; int record; };
struct a { struct { int x; } b_c; };
struct a_b { struct { int x; } c; };
struct a_b_c { int x; };

/* C has two name spaces for types. */
struct twin { int tagged; };
typedef struct { long named; } twin;
struct twin_ { char third; };
struct both { struct twin a; twin b; struct twin_ c; };

/* Words that C# has for something else in some places. */
struct record { int field; int value; int init; int get; int set; int add; int remove; };
struct field { int record; };
struct required { int file; };
struct scoped { int required; };
struct file { int scoped; };
struct nint { int nuint; };
struct dynamic { int var; };
struct async { int await; };
struct where { int when; };
struct partial { int partial; };
struct global { int yield; };
struct extension { int extension; };
struct nameof { int nameof; };
struct notnull { int unmanaged; };
struct managed { int x; };
struct args { int args; };
struct alias { int alias; };
struct with { int with; };
struct allows { int allows; };
struct union_ { int safe; };
struct safe { int x; };
struct closed { int x; };
struct string { int object; int string; int byte; };

/* Letters. */
struct price$ { int a$b; int a_b; };
struct größe { int länge; };
#define COST$ 3
#define COST_ 4

#define Constants 5
#define System 6
#define get_TEXT 7
#define TEXT "text"
#define ToString 8
#define FdIoctls 9
#define string 10
#define KEEP _IO('n', 1)
#define Finalize _IOW('n', 2, struct Fd)
