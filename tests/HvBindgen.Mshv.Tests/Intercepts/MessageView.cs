using System.Reflection;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Tests.Intercepts;

/// <summary>A view of messages, found in the library.</summary>
internal sealed class MessageView
{
    private readonly Func<hv_message, bool> shows;

    private MessageView(Type type) => shows =
        typeof(MessageView).GetMethod(nameof(ShowsAs), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type)
            .CreateDelegate<Func<hv_message, bool>>();

    internal static IReadOnlyList<MessageView> All { get; } =
    [
        .. typeof(Intercept).Assembly.GetTypes()
            .Where(type =>
                type.IsByRefLike && type.GetInterfaces().Any(face => face.Name.StartsWith("IInterceptView", StringComparison.Ordinal)))
            .Select(type => new MessageView(type)),
    ];

    internal bool Shows(hv_message message) => shows(message);

    private static bool ShowsAs<T>(hv_message message)
        where T : struct, IInterceptView<T>, allows ref struct => new Intercept(in message).TryView(out T _);
}
