using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>Why a virtual processor stopped: a message of the hypervisor, looked at in place and never copied.</summary>
/// <remarks>
/// What a view reads lies within the payload that the message declares: a message that is too short has no view of its
/// kind, and a type we do not know keeps its bytes in <see cref="Payload"/>.
/// </remarks>
public readonly ref struct Intercept
{
    /// <summary>Bytes that the payload of any message can have at most.</summary>
    public const int MaxPayloadBytes = Constants.HV_MESSAGE_PAYLOAD_BYTE_COUNT;

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

    /// <summary>Looks at the message as one that carries a record: its payload as the header declares it, or the header of that.</summary>
    /// <typeparam name="TContent">
    /// Record of <c>HvBindgen.Mshv.Abi</c>, for example <c>X64.hv_x64_halt_message</c> or <c>X64.hv_x64_intercept_message_header</c>. The
    /// hypervisors of x86-64 and arm64 give some types different payloads under one number, so the caller says which processor it runs.
    /// </typeparam>
    /// <param name="content">A copy of the record.</param>
    /// <returns>False when messages of this type do not carry the record, or when this one is too short for it.</returns>
    public bool TryAs<TContent>(out TContent content)
        where TContent : unmanaged, IMessageContent<hv_message_type>
    {
        bool carries = Carries<TContent>();
        content = carries ? PayloadAs<TContent>() : default;
        return carries;
    }

    /// <summary>Looks at the message through a view, which reads it in place.</summary>
    /// <typeparam name="TView">View of this namespace, for example <see cref="IoPortIntercept"/>.</typeparam>
    /// <param name="view">The view, valid as long as the message does not change.</param>
    /// <returns>False when messages of this type are not what the view shows, or when this one is too short.</returns>
    public bool TryView<TView>(out TView view)
        where TView : struct, IInterceptView<TView>, allows ref struct => TView.TryShow(this, out view);

    private int PayloadSizeBytes => Math.Min((int)message.header.payload_size, MaxPayloadBytes);

    /// <summary>Whether the message carries a record, and all of it.</summary>
    internal bool Carries<TContent>()
        where TContent : unmanaged, IMessageContent<hv_message_type> =>
        TContent.IsIn(Type) && Unsafe.SizeOf<TContent>() <= PayloadSizeBytes;

    // The caller has asked Carries<T>(): all of T lies within the declared payload, and so within the message.
    internal ref readonly T PayloadAs<T>()
        where T : unmanaged => ref Unsafe.As<Array30<ulong>, T>(ref Unsafe.AsRef(in message.u.payload));
}
