// messages/Enums.g.cs
namespace Fixture;

/// <summary><c>enum demo_type</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>messages.h, x86_64, arm64.</remarks>
public enum demo_type : uint
{
    /// <summary><c>DEMO_NONE</c>, 0.</summary>
    DEMO_NONE = 0,

    /// <summary><c>DEMO_PORT</c>, 5.</summary>
    DEMO_PORT = 5,

    /// <summary><c>DEMO_HALT</c>, 6.</summary>
    DEMO_HALT = 6,

    /// <summary><c>DEMO_QUEUE</c>, 6.</summary>
    DEMO_QUEUE = 6,

    /// <summary><c>DEMO_TIMER</c>, 7.</summary>
    DEMO_TIMER = 7,
}

// messages/Messages.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary>Types of messages, their names and the records of their payloads.</summary>
/// <remarks>arm64.</remarks>
public static unsafe class Messages
{
    /// <summary>The types whose payload is known, by number.</summary>
    public static System.ReadOnlySpan<demo_type> Types =>
    [
        demo_type.DEMO_PORT,
        demo_type.DEMO_TIMER,
    ];

    /// <summary>Bytes that the payload of a type takes.</summary>
    /// <param name="type">Type of a message.</param>
    /// <returns>Size of the record; 0 for a type whose payload is not known.</returns>
    public static int PayloadSizeBytes(demo_type type) => type switch
    {
        demo_type.DEMO_PORT => sizeof(demo_own),
        demo_type.DEMO_TIMER => sizeof(demo_timer),
        _ => 0,
    };
}

/// <content>Which messages carry the record.</content>
public partial struct demo_own : IMessageContent<demo_type>
{
    static bool IMessageContent<demo_type>.IsIn(demo_type type) => type is demo_type.DEMO_PORT;
}

// messages/Messages.X64.g.cs
namespace Fixture.X64;

/// <summary>Types of messages, their names and the records of their payloads.</summary>
/// <remarks>x86_64.</remarks>
public static unsafe class Messages
{
    /// <summary>The types whose payload is known, by number.</summary>
    public static System.ReadOnlySpan<demo_type> Types =>
    [
        demo_type.DEMO_PORT,
        demo_type.DEMO_HALT,
        demo_type.DEMO_TIMER,
    ];

    /// <summary>Bytes that the payload of a type takes.</summary>
    /// <param name="type">Type of a message.</param>
    /// <returns>Size of the record; 0 for a type whose payload is not known.</returns>
    public static int PayloadSizeBytes(demo_type type) => type switch
    {
        demo_type.DEMO_PORT => sizeof(demo_port),
        demo_type.DEMO_HALT => sizeof(demo_halt),
        demo_type.DEMO_TIMER => sizeof(demo_timer),
        _ => 0,
    };
}

// messages/Messages.g.cs
namespace Fixture;

/// <summary>Types of messages, their names and the records of their payloads.</summary>
/// <remarks>x86_64, arm64.</remarks>
public static unsafe class Messages
{
    /// <summary>Name of a type, as the headers spell it.</summary>
    /// <param name="type">Type of a message.</param>
    /// <returns>Always the same text; null for a number without a name.</returns>
    public static string? NameOf(demo_type type) => type switch
    {
        demo_type.DEMO_NONE => "DEMO_NONE",
        demo_type.DEMO_PORT => "DEMO_PORT",
        demo_type.DEMO_HALT => "DEMO_HALT",
        demo_type.DEMO_TIMER => "DEMO_TIMER",
        _ => null,
    };
}

/// <content>Which messages carry the record.</content>
public partial struct demo_port : IMessageContent<demo_type>
{
    static bool IMessageContent<demo_type>.IsIn(demo_type type) => type is demo_type.DEMO_PORT;
}

/// <content>Which messages carry the record.</content>
public partial struct demo_halt : IMessageContent<demo_type>
{
    static bool IMessageContent<demo_type>.IsIn(demo_type type) => type is demo_type.DEMO_HALT;
}

/// <content>Which messages carry the record.</content>
public partial struct demo_timer : IMessageContent<demo_type>
{
    static bool IMessageContent<demo_type>.IsIn(demo_type type) => type is demo_type.DEMO_TIMER;
}

/// <content>Which messages carry the record.</content>
public partial struct demo_header : IMessageContent<demo_type>
{
    static bool IMessageContent<demo_type>.IsIn(demo_type type) => type is demo_type.DEMO_PORT
        or demo_type.DEMO_HALT;
}

// messages/Records.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary><c>struct demo_own</c>: 144 bytes, aligned to 8.</summary>
/// <remarks>messages.h, arm64.</remarks>
public partial struct demo_own
{
    /// <summary><c>unsigned long long x[18]</c>: bytes 0 to 143.</summary>
    public Array18<ulong> x;
}

// messages/Records.X64.g.cs
namespace Fixture.X64;

/// <summary><c>struct demo_own</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>messages.h, x86_64.</remarks>
public struct demo_own
{
    /// <summary><c>unsigned long long rax</c>: bytes 0 to 7.</summary>
    public ulong rax;
}

// messages/Records.g.cs
namespace Fixture;

/// <summary><c>struct demo_header</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>messages.h, x86_64, arm64.</remarks>
public partial struct demo_header
{
    /// <summary><c>unsigned long long rip</c>: bytes 0 to 7.</summary>
    public ulong rip;
}

/// <summary><c>struct demo_port</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>messages.h, x86_64, arm64.</remarks>
public partial struct demo_port
{
    /// <summary><c>struct demo_header header</c>: bytes 0 to 7.</summary>
    public demo_header header;

    /// <summary><c>unsigned short port</c>: bytes 8 to 9.</summary>
    public ushort port;
}

/// <summary><c>struct demo_halt</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>messages.h, x86_64, arm64.</remarks>
public partial struct demo_halt
{
    /// <summary><c>struct demo_header header</c>: bytes 0 to 7.</summary>
    public demo_header header;
}

/// <summary><c>struct demo_timer</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>messages.h, x86_64, arm64.</remarks>
public partial struct demo_timer
{
    /// <summary><c>unsigned int expired</c>: bytes 0 to 3.</summary>
    public uint expired;
}
