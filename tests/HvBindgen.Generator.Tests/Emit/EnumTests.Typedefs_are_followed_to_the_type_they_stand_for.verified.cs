// typedef-chains/Records.g.cs
namespace Fixture;

/// <summary><c>struct node</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>typedef-chains.h, x86_64.</remarks>
public unsafe struct node
{
    /// <summary><c>page_t page</c>: bytes 0 to 7.</summary>
    public ulong page;

    /// <summary><c>struct node *next</c>: bytes 8 to 15.</summary>
    public node* next;
}

/// <summary><c>only_typedef</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>typedef-chains.h, x86_64.</remarks>
public struct only_typedef
{
    /// <summary><c>__s32 value</c>: bytes 0 to 3.</summary>
    public int value;
}

/// <summary><c>struct user</c>: 64 bytes, aligned to 8.</summary>
/// <remarks>typedef-chains.h, x86_64.</remarks>
public unsafe struct user
{
    /// <summary><c>page_t page</c>: bytes 0 to 7.</summary>
    public ulong page;

    /// <summary><c>node_t node</c>: bytes 8 to 23.</summary>
    public node node;

    /// <summary><c>node_ref ref</c>: bytes 24 to 31.</summary>
    public node* @ref;

    /// <summary><c>table_t table</c>: bytes 32 to 47.</summary>
    public Array2<nint> table;

    /// <summary><c>second_name second</c>: bytes 48 to 51.</summary>
    public only_typedef second;

    /// <summary><c>only_typedef *pointer</c>: bytes 56 to 63.</summary>
    public only_typedef* pointer;
}
