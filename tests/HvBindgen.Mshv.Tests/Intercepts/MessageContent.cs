using System.Reflection;
using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Tests.Intercepts;

/// <summary>A record that messages carry, found in the bindings: a test of all of them needs no list.</summary>
internal sealed class MessageContent
{
    private readonly Func<hv_message, bool> isReadFrom;
    private readonly Func<hv_message_type, bool> isIn;

    private MessageContent(Type type)
    {
        Type = type;
        isReadFrom = Method<Func<hv_message, bool>>(nameof(Reads));
        isIn = Method<Func<hv_message_type, bool>>(nameof(Has));
        SizeBytes = Method<Func<int>>(nameof(Size))();
    }

    internal static IReadOnlyList<MessageContent> All { get; } =
    [
        .. typeof(hv_message).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IMessageContent<hv_message_type>)) && type.IsValueType)
            .Select(type => new MessageContent(type)),
    ];

    internal Type Type { get; }

    internal int SizeBytes { get; }

    internal bool IsX64 => Type.Namespace == typeof(Abi.X64.Messages).Namespace;

    internal bool IsArm64 => Type.Namespace == typeof(Abi.Arm64.Messages).Namespace;

    internal bool IsIn(hv_message_type type) => isIn(type);

    internal bool IsReadFrom(hv_message message) => isReadFrom(message);

    private T Method<T>(string name)
        where T : Delegate =>
        typeof(MessageContent).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(Type).CreateDelegate<T>();

    private static bool Reads<T>(hv_message message)
        where T : unmanaged, IMessageContent<hv_message_type> => new Intercept(in message).TryAs(out T _);

    private static bool Has<T>(hv_message_type type)
        where T : unmanaged, IMessageContent<hv_message_type> => T.IsIn(type);

    private static int Size<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();
}
