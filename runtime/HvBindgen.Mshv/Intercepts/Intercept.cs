using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>Why a virtual processor stopped: a message of the hypervisor, looked at in place and never copied.</summary>
/// <remarks>
/// What a view reads lies within the payload that the message declares: a message that is too short has no view of its
/// kind, and a type we do not know keeps its bytes in <see cref="Payload"/>.
/// </remarks>
public readonly ref partial struct Intercept
{
    /// <summary>Bytes that the payload of any message can have at most.</summary>
    public const int MaxPayloadBytes = 240;

    private readonly ref readonly hv_message message;

    /// <summary>Looks at a message.</summary>
    /// <param name="message">The message. It must not change as long as it is looked at.</param>
    public Intercept(ref readonly hv_message message)
    {
        this.message = ref message;
    }

    /// <summary>Type of the message; a number without a name when this library does not know it.</summary>
    public hv_message_type Type => (hv_message_type)message.header.message_type;

    /// <summary>The whole message.</summary>
    public ref readonly hv_message Message => ref message;

    /// <summary>Bytes of the payload: as many as the message declares, and never more than a message has room for.</summary>
    public ReadOnlySpan<byte> Payload =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<hv_message>(in message)).Slice(Unsafe.SizeOf<hv_message_header>(), PayloadSizeBytes);

    private int PayloadSizeBytes => Math.Min((int)message.header.payload_size, MaxPayloadBytes);

    internal bool Holds<T>()
        where T : unmanaged => Unsafe.SizeOf<T>() <= PayloadSizeBytes;

    // The caller has asked Holds<T>(): all of T lies within the declared payload, and so within the message.
    internal ref readonly T PayloadAs<T>()
        where T : unmanaged => ref Unsafe.As<Array30<ulong>, T>(ref Unsafe.AsRef(in message.u.payload));
}
