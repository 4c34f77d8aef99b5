// record-pointers/Records.g.cs
namespace Fixture;

/// <summary><c>struct node</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>record-pointers.h, x86_64.</remarks>
public unsafe struct node
{
    /// <summary><c>struct node *next</c>: bytes 0 to 7.</summary>
    public node* next;

    /// <summary><c>int **rows</c>: bytes 8 to 15.</summary>
    public int** rows;

    /// <summary><c>int (*matrix)[4]</c>: bytes 16 to 23.</summary>
    public int* matrix;
}

/// <summary><c>struct calls</c>: 80 bytes, aligned to 8.</summary>
/// <remarks>record-pointers.h, x86_64.</remarks>
public unsafe struct calls
{
    /// <summary><c>handler_t handler</c>: bytes 0 to 7.</summary>
    public delegate* unmanaged[Cdecl]<void*, ulong, int> handler;

    /// <summary><c>void (*notify)(struct node *, char)</c>: bytes 8 to 15.</summary>
    public delegate* unmanaged[Cdecl]<node*, byte, void> notify;

    /// <summary><c>int (*print)(char *, ...)</c>: bytes 16 to 23.</summary>
    /// <remarks>A pointer to anything, because the function takes any number of arguments.</remarks>
    public void* print;

    /// <summary><c>handler_t table[2]</c>: bytes 24 to 39.</summary>
    public Array2<nint> table;

    /// <summary><c>int (*direct[3])(void)</c>: bytes 40 to 63.</summary>
    public Array3<nint> direct;

    /// <summary><c>handler_t (*chooser)(int)</c>: bytes 64 to 71.</summary>
    public delegate* unmanaged[Cdecl]<int, delegate* unmanaged[Cdecl]<void*, ulong, int>> chooser;

    /// <summary><c>struct *anonymous</c>: bytes 72 to 79.</summary>
    public void* anonymous;
}
