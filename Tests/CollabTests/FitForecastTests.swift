import Collab
import CollabThreading
import Testing

struct FitForecastTests {
  @Test func `nothing is said of what takes a moment`() throws {
    let forecasts = [
      try FitForecast(users: 943, items: 1664, ratings: 80_000),
      try FitForecast(users: 6040, items: 3706, ratings: 1_000_209),
    ].compactMap(\.self)
    #expect(forecasts.isEmpty)
  }

  @Test func `a large fit is told by memory and by time`() throws {
    let (users, items, ratings) = (162_541, 59_047, 25_000_095)
    let forecast = try #require(try FitForecast(users: users, items: items, ratings: ratings))
    let rows = users + items + 2
    #expect(forecast.lines.map(\.architecture).prefix(2) == [.dotBias, .als])
    // 50 factors and a bias: the model, a copy to go back to and two moments, four bytes each, and the
    // order of an epoch, eight bytes a rating.
    #expect(forecast.lines[0].bytes == 51 * rows * 16 + 8 * ratings)
    // The model, a copy and new factors; ratings by user and by item, twelve bytes each.
    #expect(
      forecast.lines[1].bytes == 51 * rows * 12 + 24 * ratings + 16 * (users + items))
    for line in forecast.lines.prefix(2) where line.bytes < forecast.free {
      let seconds = try #require(line.seconds)
      // A step takes more than a billionth of a second, and an epoch less than a day.
      #expect(seconds > 0.025 && seconds < 86_400)
    }
  }

  @Test func `a matrix of items that takes much is told without many ratings`() throws {
    let forecast = try FitForecast(users: 1000, items: 2_000_000_000, ratings: 1000)
    let lines = try #require(forecast).lines
    #expect(lines.allSatisfy { $0.seconds == nil })
    #expect(lines[0].bytes > 400 << 30)
  }
}
